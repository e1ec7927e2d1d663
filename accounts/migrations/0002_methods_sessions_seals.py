import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='EventSeal',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False, verbose_name='number')),
                ('sealed_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='sealed')),
                ('previous', models.CharField(blank=True, max_length=64, verbose_name='previous digest')),
                ('digest', models.CharField(max_length=64, verbose_name='digest')),
                ('key_id', models.CharField(max_length=16, verbose_name='key')),
                ('signature', models.CharField(max_length=64, verbose_name='signature')),
                ('count', models.PositiveIntegerField(verbose_name='rows')),
                ('settled_id', models.BigIntegerField(verbose_name='settled up to')),
                ('last_id', models.BigIntegerField(verbose_name='last row')),
                ('leaves', models.BinaryField()),
            ],
            options={
                'verbose_name': 'seal of events',
                'verbose_name_plural': 'seals of events',
                'ordering': ['-number'],
            },
        ),
        migrations.AddField(
            model_name='account',
            name='first_device',
            field=models.CharField(blank=True, db_default='', default='', max_length=64, verbose_name='method used first'),
        ),
        migrations.AddField(
            model_name='securityevent',
            name='actor',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='securityevent',
            name='origin_digest',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='securityevent',
            name='origin_salt',
            field=models.CharField(blank=True, db_default='', default='', editable=False, max_length=32),
        ),
        migrations.AlterField(
            model_name='securityevent',
            name='kind',
            field=models.CharField(choices=[('password_accepted', 'Password accepted'), ('password_refused', 'Password refused'), ('sign_in_throttled', 'Too many wrong passwords'), ('signed_in', 'Signed in'), ('signed_out', 'Signed out'), ('enrollment_started', 'Enrolment started'), ('device_enrolled', 'Method registered'), ('device_disabled', 'Method locked'), ('code_refused', 'Code refused'), ('code_not_sent', 'Code not sent'), ('reset_requested', 'New password requested'), ('reset_mailed', 'Link for a new password mailed'), ('password_changed', 'Password changed'), ('stepped_up', 'Confirmed again'), ('device_changed', 'Method changed'), ('device_removed', 'Method removed'), ('device_renamed', 'Method renamed'), ('device_preferred', 'Method used first'), ('recovery_codes_made', 'Recovery codes made'), ('recovery_code_used', 'Recovery code used'), ('session_ended', 'One session ended'), ('sessions_ended', 'All other sessions ended'), ('second_factor_missing', 'Password used, but nothing more'), ('reported', 'Reported by the owner'), ('policy_changed', 'Rule for a method changed'), ('account_imported', 'Account imported'), ('gateway_rested', 'Gateway rested'), ('gateway_back', 'Gateway back in service')], max_length=32, verbose_name='kind'),
        ),
        migrations.CreateModel(
            name='MethodPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('method', models.CharField(max_length=32, verbose_name='method')),
                ('students', models.BooleanField(default=False, verbose_name='students may use it')),
                ('employees', models.BooleanField(default=False, verbose_name='employees may use it')),
                ('valid_from', models.DateTimeField(default=django.utils.timezone.now, verbose_name='from when')),
            ],
            options={
                'verbose_name': 'rule for a method',
                'verbose_name_plural': 'rules for methods',
                'ordering': ['method', '-valid_from'],
                'constraints': [models.UniqueConstraint(fields=('method', 'valid_from'), name='policy_once')],
            },
        ),
        migrations.CreateModel(
            name='Session',
            fields=[
                ('session_key', models.CharField(max_length=40, primary_key=True, serialize=False, verbose_name='session key')),
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('signed_in_at', models.DateTimeField(blank=True, null=True, verbose_name='logged in')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='last seen')),
                ('address', models.GenericIPAddressField(blank=True, null=True, verbose_name='address')),
                ('browser', models.CharField(blank=True, max_length=200, verbose_name='browser')),
                ('stays', models.BooleanField(default=False, verbose_name='stays logged in')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reported', 'The owner says: it was not me')], max_length=32, verbose_name='kind')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opened')),
                ('closed_at', models.DateTimeField(blank=True, null=True, verbose_name='closed')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('event', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='accounts.securityevent', verbose_name='security event')),
                ('taken_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='taken_cases', to=settings.AUTH_USER_MODEL, verbose_name='taken by')),
            ],
            options={
                'verbose_name': 'case',
                'verbose_name_plural': 'cases',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('closed_at', None)), fields=['opened_at'], name='case_open')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'event'), name='case_once')],
            },
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('device_added', 'A login method was added'), ('device_changed', 'A login method was changed'), ('device_removed', 'A login method was removed'), ('recovery_codes_made', 'New recovery codes were made'), ('recovery_code_used', 'A recovery code was used'), ('recovery_codes_low', 'Few recovery codes are left'), ('second_factor_missing', 'The password was used, but nothing more')], max_length=32, verbose_name='kind')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('tries', models.PositiveSmallIntegerField(default=0, verbose_name='tries')),
                ('tried_at', models.DateTimeField(blank=True, null=True, verbose_name='last try')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='accounts.securityevent', verbose_name='security event')),
            ],
            options={
                'verbose_name': 'notice',
                'verbose_name_plural': 'notices',
                'ordering': ['-id'],
                'indexes': [models.Index(condition=models.Q(('sent_at', None)), fields=['created_at'], name='notice_unsent')],
                'constraints': [models.UniqueConstraint(fields=('event', 'kind'), name='notice_once')],
            },
        ),
    ]

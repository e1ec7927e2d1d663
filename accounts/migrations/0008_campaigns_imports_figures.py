
import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0007_approval_details'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='agentact',
            options={'ordering': ['-id'], 'permissions': [('unlock_account', 'Can unlock an account and reset failed tries'), ('end_sessions', 'Can end all sessions of an account'), ('remove_device', 'Can remove one login method of an account'), ('reset_account', 'Can reset all login methods of an account'), ('issue_access_pass', 'Can issue an access pass'), ('send_test_message', 'Can send a test message'), ('register_number', 'Can register a number for a student'), ('view_full_number', 'Can see a full number'), ('act_on_staff', 'Can act on accounts of staff, with approval'), ('approve_act', 'Can approve what another agent asks for'), ('handle_case', 'Can take and close cases'), ('export_list', 'Can export lists'), ('import_accounts', 'Can import accounts'), ('rest_gateway', 'Can take a gateway out of service and back')], 'verbose_name': 'act of an agent', 'verbose_name_plural': 'acts of agents'},
        ),
        migrations.AlterField(
            model_name='securityevent',
            name='kind',
            field=models.CharField(choices=[('password_accepted', 'Password accepted'), ('password_refused', 'Password refused'), ('sign_in_throttled', 'Too many wrong passwords'), ('signed_in', 'Signed in'), ('signed_out', 'Signed out'), ('enrollment_started', 'Enrolment started'), ('device_enrolled', 'Method registered'), ('device_disabled', 'Method locked'), ('code_refused', 'Code refused'), ('code_not_sent', 'Code not sent'), ('reset_requested', 'New password requested'), ('reset_mailed', 'Link for a new password mailed'), ('password_changed', 'Password changed'), ('stepped_up', 'Confirmed again'), ('device_changed', 'Method changed'), ('device_removed', 'Method removed'), ('device_renamed', 'Method renamed'), ('device_preferred', 'Method used first'), ('recovery_codes_made', 'Recovery codes made'), ('recovery_code_used', 'Recovery code used'), ('session_ended', 'One session ended'), ('sessions_ended', 'All other sessions ended'), ('second_factor_missing', 'Password used, but nothing more'), ('reported', 'Reported by the owner'), ('agent_acted', 'Done by the helpdesk'), ('approval_asked', 'Approval asked for'), ('approval_decided', 'Approval decided'), ('case_taken', 'Case taken'), ('case_closed', 'Case closed'), ('pass_used', 'Access pass used'), ('role_given', 'Role in the admin given'), ('policy_changed', 'Rule for a method changed'), ('campaign_changed', 'Campaign changed'), ('reminder_asked', 'Reminder sent out'), ('enrollment_put_off', 'Enrolment put off'), ('list_exported', 'List exported'), ('account_imported', 'Account imported'), ('gateway_rested', 'Gateway rested'), ('gateway_back', 'Gateway back in service')], max_length=32, verbose_name='kind'),
        ),
        migrations.CreateModel(
            name='AccountImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uploaded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='uploaded')),
                ('file_name', models.CharField(max_length=100, verbose_name='file')),
                ('content', models.BinaryField(default=b'')),
                ('deactivate_missing', models.BooleanField(default=False, verbose_name='deactivate who is not in the file')),
                ('state', models.CharField(choices=[('checking', 'Being checked'), ('ready', 'Ready to be applied'), ('refused', 'Has errors'), ('applying', 'Being applied'), ('applied', 'Applied'), ('failed', 'Not applied'), ('dropped', 'Dropped')], default='checking', max_length=16, verbose_name='state')),
                ('state_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='state since')),
                ('rows', models.PositiveIntegerField(blank=True, null=True, verbose_name='rows')),
                ('summary', models.JSONField(blank=True, default=dict, editable=False)),
                ('fingerprint', models.CharField(blank=True, editable=False, max_length=64)),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='uploaded by')),
            ],
            options={
                'verbose_name': 'import of accounts',
                'verbose_name_plural': 'imports of accounts',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='EnrollmentCampaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('audience', models.CharField(choices=[('students', 'Students'), ('employees', 'Employees'), ('listed', 'The usernames of a list')], max_length=16, verbose_name='audience')),
                ('opens_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opens')),
                ('deadline', models.DateTimeField(verbose_name='deadline')),
                ('not_now_days', models.PositiveSmallIntegerField(default=7, validators=[django.core.validators.MaxValueValidator(14)], verbose_name='days of “Not now”')),
                ('not_now_times', models.PositiveSmallIntegerField(default=3, validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(100)], verbose_name='how often “Not now”')),
                ('text_da', models.TextField(max_length=1000, verbose_name='text in Danish')),
                ('text_en', models.TextField(max_length=1000, verbose_name='text in English')),
                ('remind_days', models.CharField(blank=True, max_length=100, verbose_name='reminders, days before the deadline')),
                ('paused_at', models.DateTimeField(blank=True, null=True, verbose_name='paused')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='created')),
            ],
            options={
                'verbose_name': 'campaign',
                'verbose_name_plural': 'campaigns',
                'ordering': ['-deadline'],
                'constraints': [models.CheckConstraint(condition=models.Q(('deadline__gt', models.F('opens_at'))), name='campaign_opens_first'), models.CheckConstraint(condition=models.Q(('not_now_days__lte', 14)), name='campaign_not_now_days')],
            },
        ),
        migrations.CreateModel(
            name='HourlyFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hour', models.DateTimeField()),
                ('series', models.CharField(max_length=32)),
                ('label', models.CharField(blank=True, max_length=64)),
                ('affiliation', models.CharField(blank=True, max_length=16)),
                ('language', models.CharField(blank=True, max_length=2)),
                ('value', models.BigIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'hour', 'label', 'affiliation', 'language'), name='hourly_figure_once')],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('days_before', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='days before the deadline')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('listed_to', models.BigIntegerField(default=0)),
                ('listed_at', models.DateTimeField(blank=True, null=True)),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('asked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='accounts.enrollmentcampaign', verbose_name='campaign')),
            ],
            options={
                'verbose_name': 'reminder',
                'verbose_name_plural': 'reminders',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ReminderMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(blank=True, choices=[('', 'Waiting'), ('claimed', 'Being mailed'), ('sent', 'Mailed'), ('enrolled', 'Enrolled meanwhile'), ('failed', 'Not mailed')], default='', max_length=16)),
                ('state_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminder_mails', to=settings.AUTH_USER_MODEL)),
                ('reminder', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='accounts.reminder')),
            ],
        ),
        migrations.CreateModel(
            name='CampaignMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='campaign_members', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='members', to='accounts.enrollmentcampaign')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'account'), name='campaign_member_once')],
            },
        ),
        migrations.CreateModel(
            name='Postponement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('times', models.PositiveSmallIntegerField(default=1)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='postponements', to=settings.AUTH_USER_MODEL)),
                ('campaign', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='postponements', to='accounts.enrollmentcampaign')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('campaign', 'account'), name='postponement_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('campaign', 'days_before'), name='reminder_once'),
        ),
        migrations.AddIndex(
            model_name='remindermail',
            index=models.Index(condition=models.Q(('state', '')), fields=['reminder', 'id'], name='reminder_mail_waiting'),
        ),
        migrations.AddIndex(
            model_name='remindermail',
            index=models.Index(fields=['reminder', 'state'], name='reminder_mail_state'),
        ),
        migrations.AddConstraint(
            model_name='remindermail',
            constraint=models.UniqueConstraint(fields=('reminder', 'account'), name='reminder_mail_once'),
        ),
    ]

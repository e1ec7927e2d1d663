import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Pigeon',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='The human-readable name of this device.', max_length=64)),
                ('confirmed', models.BooleanField(default=True, help_text='Is this device ready for use?')),
                ('created_at', models.DateTimeField(auto_now_add=True, help_text='The date and time when this device was initially created in the system.', null=True)),
                ('last_used_at', models.DateTimeField(blank=True, help_text='The most recent date and time this device was used.', null=True)),
                ('throttling_failure_timestamp', models.DateTimeField(blank=True, null=True, verbose_name='last wrong code')),
                ('throttling_failure_count', models.PositiveIntegerField(default=0, verbose_name='wrong codes in a row')),
                ('disabled_at', models.DateTimeField(blank=True, null=True, verbose_name='locked')),
                ('word', models.CharField(max_length=20)),
                ('user', models.ForeignKey(help_text='The user that this device belongs to.', on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'pigeon',
                'permissions': [('feed_pigeon', 'Can feed a pigeon')],
            },
        ),
    ]

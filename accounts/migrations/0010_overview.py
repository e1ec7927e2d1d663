from django.db import migrations, models

from accounts.operations import AddIndexOnline


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0009_imports'),
    ]

    operations = [
        AddIndexOnline(
            model_name='securityevent',
            index=models.Index(
                condition=models.Q(
                    ('kind__in', ['device_disabled', 'reported', 'sign_in_throttled', 'gateway_rested', 'gateway_back'])
                ),
                fields=['at'],
                name='event_overview_at',
            ),
        ),
    ]

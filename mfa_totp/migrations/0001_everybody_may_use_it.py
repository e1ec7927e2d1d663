from django.db import migrations


def everybody_may_use_it(apps, schema_editor):
    """Make the rule a row, so that administrators see it and can edit it."""
    rules = apps.get_model('accounts', 'MethodPolicy').objects.using(schema_editor.connection.alias)
    rules.get_or_create(method='mfa_totp', defaults={'students': True, 'employees': True})


def nobody_asks(apps, schema_editor):
    """Take the row away."""
    rules = apps.get_model('accounts', 'MethodPolicy').objects.using(schema_editor.connection.alias)
    rules.filter(method='mfa_totp').delete()


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0002_methods_sessions_seals'),
    ]

    operations = [
        migrations.RunPython(everybody_may_use_it, nobody_asks),
    ]

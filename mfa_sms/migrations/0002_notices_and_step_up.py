from django.db import migrations, models


def students_may_use_it(apps, schema_editor):
    """Make the guide's rule (R1) a row, so that administrators see it and can edit it."""
    rules = apps.get_model('accounts', 'MethodPolicy').objects.using(schema_editor.connection.alias)
    rules.get_or_create(method='mfa_sms', defaults={'students': True, 'employees': False})


def nobody_asks(apps, schema_editor):
    """Take the row away."""
    rules = apps.get_model('accounts', 'MethodPolicy').objects.using(schema_editor.connection.alias)
    rules.filter(method='mfa_sms').delete()


class Migration(migrations.Migration):

    dependencies = [
        ('mfa_sms', '0001_initial'),
        ('accounts', '0002_methods_sessions_seals'),
    ]

    operations = [
        migrations.RunPython(students_may_use_it, nobody_asks),
        migrations.AddField(
            model_name='textmessage',
            name='notice',
            field=models.CharField(blank=True, db_default='', default='', max_length=32, verbose_name='notice'),
        ),
        migrations.AlterField(
            model_name='challenge',
            name='purpose',
            field=models.CharField(choices=[('enroll', 'Enrolment'), ('sign_in', 'Login'), ('step_up', 'Confirmation')], max_length=16, verbose_name='purpose'),
        ),
        migrations.AlterField(
            model_name='textmessage',
            name='purpose',
            field=models.CharField(choices=[('enroll', 'Enrolment'), ('sign_in', 'Login'), ('step_up', 'Confirmation'), ('notice', 'Notice to the owner')], max_length=16, verbose_name='purpose'),
        ),
    ]

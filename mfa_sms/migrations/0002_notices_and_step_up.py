from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mfa_sms', '0001_initial'),
    ]

    operations = [
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

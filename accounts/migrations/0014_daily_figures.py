from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_services_events'),
    ]

    operations = [
        migrations.CreateModel(
            name='DailyFigure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(max_length=32)),
                ('label', models.CharField(blank=True, max_length=64)),
                ('affiliation', models.CharField(blank=True, max_length=16)),
                ('language', models.CharField(blank=True, max_length=2)),
                ('value', models.BigIntegerField()),
                ('day', models.DateField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('day', 'series', 'label', 'affiliation', 'language'), name='daily_figure_once')],
            },
        ),
    ]

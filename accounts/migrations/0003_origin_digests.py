import secrets

from django.db import connections, migrations, models, transaction

from accounts.digests import origin_digest
from accounts.operations import AddIndexOnline

BATCH = 5000


def digest_origins(apps, schema_editor):
    """Give each row that has none a salt and a digest. Goes on where an interrupted run has stopped."""
    model = apps.get_model('accounts', 'SecurityEvent')
    alias = schema_editor.connection.alias
    update = f'UPDATE {schema_editor.quote_name(model._meta.db_table)} SET origin_salt = %s, origin_digest = %s WHERE id = %s'
    rows = model.objects.using(alias).filter(origin_digest='').order_by('pk').values_list('pk', 'address', 'network', 'browser')
    batch = list(rows[:BATCH])
    while batch:
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
            cursor.executemany(update, [_digested(*row) for row in batch])
        batch = list(rows.filter(pk__gt=batch[-1][0])[:BATCH])


def _digested(pk, address, network, browser):
    salt = secrets.token_hex(16)
    return salt, origin_digest(salt, address, network, browser), pk


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0002_methods_sessions_seals'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='eventseal',
            options={'base_manager_name': 'objects', 'ordering': ['-number'], 'verbose_name': 'seal of events', 'verbose_name_plural': 'seals of events'},
        ),
        migrations.AlterModelOptions(
            name='securityevent',
            options={'base_manager_name': 'objects', 'ordering': ['-id'], 'verbose_name': 'security event', 'verbose_name_plural': 'security events'},
        ),
        AddIndexOnline(
            model_name='securityevent',
            index=models.Index(condition=models.Q(('kind', 'password_accepted')), fields=['at'], name='event_accepted_at'),
        ),
        migrations.RunPython(digest_origins, migrations.RunPython.noop),
        AddIndexOnline(
            model_name='securityevent',
            index=models.Index(condition=models.Q(('origin_salt', ''), _negated=True), fields=['at'], name='event_with_origin'),
        ),
    ]

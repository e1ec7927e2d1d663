from django.db import DatabaseError, migrations

NAME = 'account_search'
# As Django asks: `UPPER(field) LIKE UPPER('%part%')`.
CREATE = f"""
CREATE INDEX CONCURRENTLY {NAME} ON accounts_account USING gin
(UPPER(username::text) gin_trgm_ops, UPPER(first_name::text) gin_trgm_ops, UPPER(last_name::text) gin_trgm_ops)
"""


def forwards(apps, schema_editor):
    """Index what accounts are searched by, in parts of three letters.

    The extension comes with PostgreSQL, and the owner of a database may create it (trusted since PostgreSQL 13). Where
    it is not installed, a search reads all accounts: slower, and otherwise the same.
    """
    if schema_editor.connection.vendor != 'postgresql':
        return
    try:
        schema_editor.execute('CREATE EXTENSION IF NOT EXISTS pg_trgm')
    except DatabaseError as error:
        print(f'\n    No index for the search of accounts: {error}    See docs/operators/install.md, "The search index".')
        return
    # What an interrupted run has left is built again.
    schema_editor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS {NAME}')
    schema_editor.execute(CREATE, params=None)


def backwards(apps, schema_editor):
    """Drop the index; the extension may serve others."""
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(f'DROP INDEX CONCURRENTLY IF EXISTS {NAME}')


class Migration(migrations.Migration):

    atomic = False

    dependencies = [
        ('accounts', '0011_large'),
    ]

    operations = [
        migrations.RunPython(forwards, backwards, elidable=False),
    ]

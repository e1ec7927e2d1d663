from django.db import migrations

EVENTS = 'accounts_securityevent'
SEALS = 'accounts_eventseal'

FORWARDS = f"""
CREATE FUNCTION {EVENTS}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        OLD.address := NULL;
        OLD.network := NULL;
        OLD.browser := '';
        OLD.origin_salt := '';
        IF NEW IS NOT DISTINCT FROM OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'security events are only added to' USING ERRCODE = 'restrict_violation';
END $$;
CREATE FUNCTION {SEALS}_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'seals of security events are only added to' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {EVENTS}
    FOR EACH ROW EXECUTE FUNCTION {EVENTS}_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {SEALS}
    FOR EACH ROW EXECUTE FUNCTION {SEALS}_append_only();
"""
BACKWARDS = f"""
DROP TRIGGER append_only ON {EVENTS};
DROP TRIGGER append_only ON {SEALS};
DROP FUNCTION {EVENTS}_append_only();
DROP FUNCTION {SEALS}_append_only();
"""


def forwards(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(FORWARDS, params=None)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == 'postgresql':
        schema_editor.execute(BACKWARDS, params=None)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_origin_digests'),
    ]

    operations = [
        migrations.RunPython(forwards, backwards),
    ]

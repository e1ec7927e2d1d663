"""Re-encryption of the apps' keys after a new secret was put in front of `TOTP_KEY_SECRETS`."""

from django.conf import settings
from django.db import transaction

from common import encryption
from mfa_totp.models import AuthenticatorApp

_BATCH = 500


def reencrypt() -> int:
    """Encrypt every key under the first secret, in batches. Return the number of changed rows.

    Users can sign in meanwhile: each batch locks its rows for a moment.
    """
    secrets, changed, last = settings.TOTP_KEY_SECRETS, 0, 0
    while True:
        with transaction.atomic():
            rows = AuthenticatorApp.objects.select_for_update().filter(pk__gt=last).order_by("pk")[:_BATCH]
            apps = list(rows)
            outdated = [app for app in apps if not encryption.is_current(bytes(app.encrypted_key), secrets)]
            for app in outdated:
                app.bin_key = app.bin_key
            AuthenticatorApp.objects.bulk_update(outdated, ["encrypted_key"])
        if not apps:
            return changed
        changed, last = changed + len(outdated), apps[-1].pk

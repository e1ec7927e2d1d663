"""The secrets of a service: two at a time, so that a service with several servers changes them without an outage."""

from django.db import transaction
from django.utils import timezone
from oauth2_provider.generators import generate_client_secret

from accounts.models import Account
from common.client_info import ClientInfo
from sso import events
from sso.models import Client
from sso.models.clients import hashed


class SecretRefused(Exception):
    """The secrets have changed since the page was shown, or there are two already."""


def version(client: Client) -> str:
    """Return what changes with each secret, for the form that makes or ends one. It tells nothing about a secret."""
    return client.secret_made_at.isoformat() if client.secret_made_at else "-"


def make_secret(client: Client, shown: str, actor: Account, info: ClientInfo) -> str:
    """Make a secret beside the one that the service uses, and return it. Raises `SecretRefused`.

    `shown` is the `version` on the page. A repeated form makes no second secret.
    """
    with transaction.atomic():
        locked = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
        if shown != version(locked) or locked.older_secret:
            raise SecretRefused
        made = str(generate_client_secret())
        if locked.secret_made_at is not None:
            locked.older_secret = locked.client_secret
            locked.older_secret_made_at = locked.secret_made_at
            locked.older_secret_used_at = locked.secret_used_at
        locked.client_secret, locked.secret_made_at, locked.secret_used_at = hashed(made), timezone.now(), None
        locked.save()
        events.service_changed(actor, locked.client_id, "new secret", info)
    return made


def end_older_secret(client: Client, shown: str, actor: Account, info: ClientInfo) -> None:
    """End the older secret, which stops working. Raises `SecretRefused`."""
    with transaction.atomic():
        locked = Client.objects.select_for_update(of=("self",)).get(pk=client.pk)
        if shown != version(locked) or not locked.older_secret:
            raise SecretRefused
        locked.older_secret, locked.older_secret_made_at, locked.older_secret_used_at = "", None, None
        locked.save()
        events.service_changed(actor, locked.client_id, "older secret ended", info)

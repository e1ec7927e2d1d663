"""One press of a button: what the agent saw before it, and what a second press of the same button finds.

SECURITY: a secret is stored only to survive a reload and a second press. It is encrypted, and bound to the session.
"""

import json
import secrets
from dataclasses import dataclass
from hashlib import sha256

from cryptography.fernet import InvalidToken
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from accounts.models import Account
from common import encryption, keyed_digests
from helpdesk.models import ActionRecord, ShownSecret
from helpdesk.registry import ActionResult
from sessions import registry as sessions

_SALT = "helpdesk.presses.session"


@dataclass(frozen=True)
class Press:
    """A press of the button of an action.

    `key` identifies the form that was shown. `seen` is the newest change of the account that the page showed, or None
    if the request does not say. `session` identifies the browser session.
    """

    key: str = ""
    seen: int | None = None
    session: str = ""

    @property
    def digest(self) -> str:
        """The digest of the key, or "" without a key."""
        return sha256(self.key.encode()).hexdigest() if self.key else ""


def new_key() -> str:
    """Return the key for a form that is shown for the first time."""
    return secrets.token_urlsafe(16)


def press_of(request: HttpRequest) -> Press:
    """Return the press that the request is."""
    seen = request.POST.get("seen", "")
    known = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else None
    return Press(request.POST.get("press", "")[:64], known, _session(request))


def find_record(agent: Account, press: Press) -> ActionRecord | None:
    """Return the record of an earlier press of the same form by the agent."""
    return ActionRecord.objects.filter(agent=agent, press=press.digest).first() if press.key else None


@sensitive_variables("done")
def keep_secret(record: ActionRecord, done: ActionResult, press: Press) -> None:
    """Store the secret of a result for the page that shows it, in the transaction of the action."""
    delete_expired()
    if done.secret and press.session:
        shown = json.dumps({"said": done.said, "secret": done.secret}).encode()
        ShownSecret.objects.create(
            record=record,
            session=press.session,
            encrypted=encryption.encrypt(shown, _keys()),
            expires_at=timezone.now() + settings.HELPDESK_SECRET_SHOWN,
        )


@sensitive_variables("shown", "text")
def read_secret(request: HttpRequest, record: ActionRecord) -> ActionResult | None:
    """Return what the action said and its secret. Return None if it is no longer shown, or not to this session."""
    rows = ShownSecret.objects.filter(record=record, session=_session(request), expires_at__gt=timezone.now())
    shown = rows.first()
    if shown is None:
        return None
    try:
        text = json.loads(encryption.decrypt(bytes(shown.encrypted), _keys()))
    except InvalidToken:  # the secret key was replaced without a fallback
        return None
    return ActionResult(text["said"], secret=text["secret"])


def forget_secret(record: ActionRecord) -> None:
    """Delete the secret: the agent has read it out."""
    ShownSecret.objects.filter(record=record).delete()


def delete_expired() -> int:
    """Delete the secrets that no page shows any more. Return their number."""
    return ShownSecret.objects.filter(expires_at__lte=timezone.now()).delete()[0]


def _session(request: HttpRequest) -> str:
    return keyed_digests.digest(_SALT, sessions.current_id(request))


def _keys() -> list[str]:
    return [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]

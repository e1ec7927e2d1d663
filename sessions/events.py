"""Security events of sessions that their owner ended from another session."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from common.client_info import ClientInfo

SESSION_ENDED = register(
    EventKind(
        "session_ended",
        gettext_lazy("One session ended"),
        owner_text=lambda event: _("You logged out another device."),
    )
)
SESSIONS_ENDED = register(
    EventKind(
        "sessions_ended",
        gettext_lazy("All other sessions ended"),
        owner_text=lambda event: _("You logged out all other devices."),
    )
)


RESTORED = register(
    EventKind("database_restored", gettext_lazy("Database restored: all sessions ended"), shows_client=False)
)


def session_ended(account: Account, client: ClientInfo) -> None:
    """Record that the owner ended one of their other sessions."""
    write_event(SESSION_ENDED, client, account, actor=account)


def sessions_ended(account: Account, client: ClientInfo) -> None:
    """Record that the owner ended all other sessions."""
    write_event(SESSIONS_ENDED, client, account, actor=account)

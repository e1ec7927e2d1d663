"""Security events of recovery codes."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from audit.models import SecurityEvent
from common.client_info import ClientInfo
from sign_in.methods.events import CODE_REFUSED


def _left(event: SecurityEvent) -> str:
    # Translators: how many recovery codes are left.
    return _("%(count)s left") % {"count": event.detail}


RECOVERY_CODES_MADE = register(
    EventKind(
        "recovery_codes_made",
        gettext_lazy("Recovery codes made"),
        owner_text=lambda event: _("You made new recovery codes."),
    )
)
RECOVERY_CODE_USED = register(
    EventKind(
        "recovery_code_used",
        gettext_lazy("Recovery code used"),
        owner_text=lambda event: _("You used a recovery code."),
        detail_text=_left,
    )
)
CODE_REFUSED.add_reasons({"no_codes": gettext_lazy("There are no recovery codes left")})


def recovery_codes_made(account: Account, device: Device, client: ClientInfo) -> SecurityEvent:
    """Write that new recovery codes replaced all earlier ones."""
    return write_event(RECOVERY_CODES_MADE, client, account, device=device, actor=account)


def recovery_code_used(account: Account, device: Device, left: int, client: ClientInfo) -> SecurityEvent:
    """Write that a recovery code was right, in addition to the sign-in or step-up. `left` codes are unused."""
    return write_event(RECOVERY_CODE_USED, client, account, device=device, detail=str(left), actor=account)

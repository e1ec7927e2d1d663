"""Security events of access passes."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from common.client_info import ClientInfo
from sign_in.methods.events import CODE_REFUSED

PASS_USED = register(
    EventKind(
        "pass_used",
        gettext_lazy("Access pass used"),
        owner_text=lambda event: _("You used an access pass."),
    )
)
CODE_REFUSED.add_reasons({"gone": gettext_lazy("There is no valid access pass")})


def pass_used(account: Account, device: Device, client: ClientInfo) -> None:
    """Write the event of a right access pass, in addition to the event of the sign-in."""
    write_event(PASS_USED, client, account, device=device, actor=account)

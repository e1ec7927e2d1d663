"""Security events of the admin itself: roles and exports."""

from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Account
from audit.kinds import EventKind, register
from audit.log import write_event
from audit.models import SecurityEvent
from backoffice import roles
from common.client_info import ClientInfo


def _list_name(event: SecurityEvent) -> str:
    try:
        return str(apps.get_model(event.reason)._meta.verbose_name_plural)
    except (LookupError, ValueError):
        return event.reason


def _former_role(event: SecurityEvent) -> str:
    return gettext("before: %(role)s") % {"role": roles.LABELS.get(event.detail, event.detail)}


ROLE_GRANTED = register(
    EventKind("role_granted", _("Role in the admin given"), reasons=roles.LABELS, detail_text=_former_role)
)
LIST_EXPORTED = register(EventKind("list_exported", _("List exported"), reason_text=_list_name))
ACCESS_REFUSED = register(EventKind("access_refused", _("Page refused to staff"), is_failure=True))
# Only counted: anyone can cause it. The reasons are those of `common.problem_pages`.
PAGE_FAILED = register(
    EventKind(
        "page_failed",
        _("Error page shown"),
        reasons={
            "not_found": _("Page not found"),
            "csrf": _("The page was open too long, or cookies were off"),
            "forbidden": _("No access"),
            "bad_request": _("The request could not be read"),
            "status_400": _("The request was not accepted"),
            "status_403": _("Not allowed"),
            "status_404": _("The page or row does not exist"),
            "status_405": _("Not opened in the usual way"),
            "status_409": _("Had to start again"),
            "status_429": _("Too many attempts"),
            "status_503": _("Not available at that moment"),
        },
    )
)


def role_granted(
    account: Account, role: str, former: str = "", actor: Account | None = None, client: ClientInfo | None = None
) -> None:
    """Record that an operator, or the administrator `actor`, gave the account a role, or removed it ("none")."""
    write_event(ROLE_GRANTED, client or ClientInfo(), account, reason=role, detail=former, actor=actor)


def list_exported(actor: Account, what: str, detail: str, client: ClientInfo) -> None:
    """Record the export of a list. `detail` contains the names of its filters, never a search term."""
    write_event(LIST_EXPORTED, client, reason=what[:32], detail=detail[:200], actor=actor)


def access_refused(actor: Account, account: Account | None, page: str, client: ClientInfo) -> None:
    """Record that a page or an action was refused to a member of staff. `page` is the method and the URL's name."""
    write_event(ACCESS_REFUSED, client, account, detail=page[:200], actor=actor)

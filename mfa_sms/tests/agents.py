"""A helpdesk agent, for tests of what agents see and do."""

import re
from typing import Any

from django.contrib.auth.models import Permission

from accounts.models import Account
from audit.models import SecurityEvent
from helpdesk import events as helpdesk_events
from helpdesk.models import ActionRecord
from mfa_sms.tests.helpers import html
from tests.fixtures import Browser, Walk
from tests.helpers import staff_signed_in

SEES = ("view_account", "view_smsdevice", "view_textmessage", "view_challenge")
ACTIONS = ("send_test_message", "register_number", "view_full_number")
WHOLE = re.compile(r"26\D{0,8}12\D{0,8}34\D{0,8}78")


class Agent:
    """Signed in to the admin, in English, with only these permissions."""

    def __init__(self, walk: Walk, account: Account, *permissions: str) -> None:
        account.user_permissions.set(Permission.objects.filter(codename__in=permissions or (*SEES, *ACTIONS)))
        self.account = account
        self.browser: Browser = staff_signed_in(walk, account)
        self.browser.cookies["language"] = "en"

    def page(self, account: Account) -> str:
        return html(self.browser.get(f"/admin/accounts/account/{account.pk}/change/"))

    def does(self, slug: str, account: Account, **said: Any) -> Any:
        """Perform a helpdesk action, and return the page that follows."""
        said = {"case_number": "INC1234", "proof": "mitid", "document_end": "4711", **said}
        return self.browser.post(f"/admin/accounts/account/{account.pk}/action/{slug}/", said, follow=True)


def acted() -> list[tuple[str, str]]:
    """Return reason and detail of the helpdesk actions, oldest first."""
    events = SecurityEvent.objects.filter(kind=helpdesk_events.HELPDESK_ACTION_PERFORMED).order_by("pk")
    return list(events.values_list("reason", "detail"))


def traces() -> str:
    """Return everything that is stored of events and helpdesk actions."""
    return repr([*SecurityEvent.objects.values_list(), *ActionRecord.objects.values_list()])

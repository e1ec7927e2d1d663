"""Helpers for the tests of the access pass."""

import re
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import Permission
from django.db import transaction

from accounts.models import Account
from mfa_pass import issuing
from tests.fixtures import Browser, Walk
from tests.helpers import staff_signed_in

VERIFY = "/sign-in/verify/access-pass/"
SHOWN = re.compile(r'class="helpdesk-secret">([A-Z2-9]{4}-[A-Z2-9]{4})<')
WRONG = "AAAA-AAAA"
SAID = {"proof": "mitid", "document_end": "4711", "case_number": "INC-2048", "note": "", "life": "60"}


def give(account: Account, agent: Account, life: timedelta = timedelta(hours=1), single_use: bool = True) -> str:
    """Issue a pass for the account and return its code."""
    with transaction.atomic():
        return issuing.issue(agent, account, life, single_use)[1]


def allow(agent: Account, *permissions: str) -> Account:
    """Give the agent these permissions."""
    agent.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return agent


def address(account: Account, action: str = "access-pass") -> str:
    """Return the URL of a helpdesk action for the account."""
    return f"/admin/accounts/account/{account.pk}/action/{action}/"


def agent_signed_in(walk: Walk, agent: Account, *permissions: str) -> Browser:
    """Sign in an agent who may issue access passes, with pages in English."""
    allow(agent, "issue_access_pass", "view_account", *permissions)
    browser = staff_signed_in(walk, agent)
    browser.cookies["language"] = "en"
    return browser


def shown(response: Any) -> str:
    """Return the code that the page shows, or the page to which the response redirects."""
    if response.status_code == 302:
        response = response.client.get(response["Location"])
    (code,) = SHOWN.findall(response.content.decode())
    return str(code)


def enter(walk: Walk, code: str) -> Any:
    """Enter a code on the page for access passes."""
    return walk.browser.post(VERIFY, {"code": code})


def in_english(walk: Walk) -> Walk:
    """Switch the browser to English."""
    walk.browser.cookies["language"] = "en"
    return walk

"""Agents of each role, and their HTTP requests."""

from typing import Any

from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import Account
from helpdesk import registry
from helpdesk.registry import HelpdeskAction
from tests.fixtures import PASSWORD, Browser, Outbox, Walk
from tests.helpers import staff_signed_in

SAID = {"proof": "mitid", "document_end": "4711", "case_number": "INC-1042", "note": "Ringede fra sit arbejde."}


def agent_of(role: str, username: str, **fields: Any) -> Account:
    """Return a staff account with a role, or without one if `role` is empty."""
    fields = {"is_employee": True, "is_staff": True, "first_name": "Ada", "last_name": "Vind", **fields}
    agent = Account.objects.create_user(username, PASSWORD, email=f"{username}@agents.example", **fields)
    agent.groups.set(Group.objects.filter(name=role))
    return agent


def browser_of(agent: Account, sms_outbox: Outbox) -> Browser:
    """Return a new browser with the agent signed in."""
    browser = staff_signed_in(Walk(sms_outbox), agent)
    browser.cookies["language"] = "en"
    return browser


def act_named(slug: str) -> HelpdeskAction:
    """Return the registered action with that slug."""
    action = registry.by_slug(slug)
    assert action is not None
    return action


def act_page(account: Account, slug: str) -> str:
    """Return the URL of an action."""
    return reverse("admin:helpdesk_action", args=[account.pk, slug])


def do(browser: Browser, account: Account, slug: str, **said: str) -> Any:
    """Post an action and follow redirects."""
    return browser.post(act_page(account, slug), {**SAID, **said}, follow=True)


def words(response: Any) -> str:
    """Return the page's text."""
    return str(response.content.decode())

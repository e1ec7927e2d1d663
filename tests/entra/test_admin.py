"""Administrators set up tenants. Each change is an event and needs a fresh second factor."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.models import Account
from audit.models import SecurityEvent
from helpdesk.tests.people import agent_of, browser_of
from sso import events as sso_events
from sso.models import PilotMember, Tenant, TenantLink
from tests.entra.server import Mood, Server
from tests.entra.standin import User
from tests.fixtures import Browser, Outbox

ADD = "/admin/sso/tenant/add/"


@pytest.fixture
def browser(db: None, sms_outbox: Outbox) -> Browser:
    """Return the browser of a signed-in administrator."""
    return browser_of(agent_of("Administrator", "adm111"), sms_outbox)


def entered(**fields: Any) -> dict[str, Any]:
    """Return the form data that an administrator enters."""
    url = "https://login.microsoftonline.com/x/v2.0/.well-known/openid-configuration"
    common = {"name": "KU", "tenant_id": str(uuid4()), "client_id": "c", "app_id": "a", "metadata_url": url}
    return {**common, "students": "on", "is_pilot": "on", **fields}


def details() -> list[str]:
    """Return the details of the events about changes, oldest first."""
    events = SecurityEvent.objects.filter(kind=sso_events.SERVICE_CHANGED).order_by("pk")
    return list(events.values_list("detail", flat=True))


def test_a_tenant_is_added_and_that_is_an_event(browser: Browser) -> None:
    assert browser.post(ADD, entered()).status_code == 302
    tenant = Tenant.objects.get()
    assert (tenant.is_pilot, tenant.is_enabled) == (True, False)
    assert details() == [
        f"entra {tenant.tenant_id} enabled=0 pilot=1 students=1 employees=0 client=c app=a",
    ]


def test_keys_are_read_by_https_alone(browser: Browser) -> None:
    page = browser.post(ADD, entered(metadata_url="http://login.microsoftonline.com/x"))
    assert "must begin with https://" in page.content.decode()
    assert not Tenant.objects.exists()


def test_with_another_address_the_old_keys_are_gone(browser: Browser, tenant: Tenant) -> None:
    path = reverse("admin:sso_tenant_change", args=[tenant.pk])
    browser.post(path, entered(tenant_id=str(tenant.tenant_id)))
    tenant.refresh_from_db()
    assert (tenant.keys, tenant.issuer, tenant.fetched_at) == ({}, "", None)


def test_which_tenant_it_is_cannot_be_changed(browser: Browser, tenant: Tenant) -> None:
    path = reverse("admin:sso_tenant_change", args=[tenant.pk])
    browser.post(path, entered(metadata_url=tenant.metadata_url, name="UCPH"))
    changed = Tenant.objects.get()
    assert (changed.tenant_id, changed.name) == (type(changed.tenant_id)(str(tenant.tenant_id)), "UCPH")
    assert changed.keys == tenant.keys


def test_names_are_pasted_and_taken_out_again(
    browser: Browser, tenant: Tenant, student: Account, employee: Account
) -> None:
    path = reverse("admin:sso_tenant_pilot", args=[tenant.pk])
    page = browser.post(path, {"names": "STU123\n\nemp789@ku.dk\n", "act": "add"}, follow=True)
    assert "The group has 2 members." in page.content.decode()
    browser.post(path, {"names": "emp789", "act": "remove"})
    assert [member.account for member in PilotMember.objects.all()] == [student]
    assert details() == [
        f"entra {tenant.tenant_id} pilot added=2 members=2",
        f"entra {tenant.tenant_id} pilot removed=1 members=1",
    ]


def test_a_file_of_names_is_read_and_wrong_lines_are_named(browser: Browser, tenant: Tenant, student: Account) -> None:
    path = reverse("admin:sso_tenant_pilot", args=[tenant.pk])
    wrong = SimpleUploadedFile("names.txt", b"\xef\xbb\xbfstu123\nnobody1\n010190-1234\n")
    page = browser.post(path, {"file": wrong, "act": "add"}).content.decode()
    assert "Line 2: there is no account of that name." in page
    assert "Line 3: there is no account of that name." in page
    assert "010190" not in page
    assert not PilotMember.objects.exists()
    browser.post(path, {"file": SimpleUploadedFile("names.txt", b"\xef\xbb\xbfstu123\n"), "act": "add"})
    assert PilotMember.objects.get().account == student
    assert b"stu123" in browser.get(path).content


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\n\n", b"x" * 1_100_000, b"stu\x00123\n"])
def test_a_file_that_is_no_list_changes_nothing(browser: Browser, tenant: Tenant, content: bytes) -> None:
    path = reverse("admin:sso_tenant_pilot", args=[tenant.pk])
    page = browser.post(path, {"file": SimpleUploadedFile("names.txt", content), "act": "add"})
    assert "Nothing was changed." in page.content.decode()
    assert details() == []


def test_keys_are_read_at_once_and_shown(browser: Browser, server: Server, read: Tenant) -> None:
    path = reverse("admin:sso_tenant_keys", args=[read.pk])
    assert server.entra.keys[0].kid in browser.post(path).content.decode()
    assert details() == [f"entra {read.tenant_id} keys=1"]
    server.mood = Mood.DOWN
    page = browser.post(path).content.decode()
    assert "What was read before stays in use." in page
    assert "503" in page
    assert len(details()) == 1


def test_a_link_is_found_by_its_account(browser: Browser, tenant: Tenant, student: Account, user: User) -> None:
    TenantLink.objects.create(tenant=tenant, account=student, object_id=user.oid)
    assert user.oid in browser.get("/admin/sso/tenantlink/?q=stu123").content.decode()
    assert user.oid not in browser.get("/admin/sso/tenantlink/?q=nobody").content.decode()

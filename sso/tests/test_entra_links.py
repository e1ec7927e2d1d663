"""The helpdesk removes the link of an account to an Entra user."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Account
from audit.models import SecurityEvent
from helpdesk.tests.conftest import agent, desk  # noqa: F401
from helpdesk.tests.people import act_page, do, words
from mfa_sms.models import SmsDevice
from notices.models import Notice
from sso.models import EntraAttempt, Tenant, TenantLink
from tests.fixtures import Browser, MakeAccount, Walk
from tests.helpers import is_signed_in

USER = "5f0c0000-0000-4000-8000-00000000000a"


@pytest.fixture
def link(student: Account) -> TenantLink:
    """The link of the student to a user of the tenant."""
    tenant = Tenant.objects.create(name="KU", tenant_id=uuid.uuid4(), is_enabled=True)
    return TenantLink.objects.create(tenant=tenant, object_id=USER, account=student)


def test_k5_the_link_is_removed_with_an_event_a_notice_and_the_end_of_all_sessions(
    desk: Browser,  # noqa: F811
    walk: Walk,
    phone: SmsDevice,
    link: TenantLink,
) -> None:
    walk.signed_in(phone)
    assert "The link has been removed." in words(do(desk, link.account, "remove-entra-link", link=str(link.pk)))
    assert not TenantLink.objects.exists()
    event = SecurityEvent.objects.get(kind="helpdesk_action_performed")
    assert (event.account, event.reason) == (link.account, "remove-entra-link")
    assert USER in event.detail
    assert Notice.objects.filter(account=link.account, event=event).count() == 1
    assert not is_signed_in(walk.browser)


def test_an_attempt_that_is_open_ends_with_the_link(desk: Browser, link: TenantLink) -> None:  # noqa: F811
    attempt = EntraAttempt.objects.create(
        handle="h", tenant=link.tenant, account=link.account, expires_at=timezone.now() + timedelta(minutes=5)
    )
    do(desk, link.account, "remove-entra-link", link=str(link.pk))
    attempt.refresh_from_db()
    assert attempt.expires_at <= timezone.now()


def test_a_link_of_another_account_cannot_be_chosen(
    desk: Browser,  # noqa: F811
    link: TenantLink,
    make_account: MakeAccount,
) -> None:
    other = make_account("oth111", is_student=True)
    TenantLink.objects.create(tenant=link.tenant, object_id="other", account=other)
    do(desk, other, "remove-entra-link", link=str(link.pk))
    assert TenantLink.objects.count() == 2


def test_an_account_without_a_link_has_no_such_action(desk: Browser, student: Account) -> None:  # noqa: F811
    page = words(desk.get(reverse("admin:accounts_account_change", args=[student.pk])))
    assert act_page(student, "remove-entra-link") not in page

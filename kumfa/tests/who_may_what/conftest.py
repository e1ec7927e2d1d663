"""Fixtures: the agent of a role, and the accounts and rows that the agent finds."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from account_import.models import AccountImport
from accounts.models import Account
from audit import refusals
from campaigns.tests.campaigns import campaign
from common.client_info import ClientInfo
from helpdesk import events as helpdesk_events
from helpdesk import notices as helpdesk_notices
from helpdesk.models import ActionRecord, Approval, Case
from helpdesk.tests.people import agent_of, browser_of
from kumfa.tests.who_may_what.world import World
from mfa_pass.tests.helpers import give
from mfa_recovery.tests.helpers import make_codes
from mfa_sms.models import GatewayState, PrefixBlock
from mfa_totp.tests.helpers import app_of
from notices.models import Banner, Notice
from sign_in import events as sign_in_events
from sign_in.models import MethodPolicy
from sso import keys
from sso.models import Client, SigningKey, Tenant, TenantLink
from tests.fixtures import MakeAccount, Outbox, Walk, confirmed_phone


@pytest.fixture
def world(walk: Walk, student: Account, make_account: MakeAccount, sms_outbox: Outbox, role: str) -> World:
    """Return an agent of the role, signed in to the admin.

    The agent finds a student who has every device, and rows in every table.
    """
    walk.signed_in(confirmed_phone(student))
    app_of(student)
    make_codes(student)
    agent = agent_of(role, "agt111", is_superuser=role == "superuser")
    colleague = agent_of("Helpdesk lead", "agt222")
    boss = agent_of("", "sup333", is_superuser=True)
    targets = {"student": student, "another agent": colleague, "a superuser": boss, "own account": agent}
    for account in targets.values():
        event = helpdesk_events.helpdesk_action_performed(colleague, account, "unlock", "", ClientInfo())
        Case.objects.create(kind=Case.Kind.REPORTED, account=account, event=event)
    ActionRecord.objects.create(action="unlock", account=student, agent=colleague, case_number="INC-1", event=event)
    Notice.objects.create(account=student, event=event, kind=helpdesk_notices.HELPDESK_ACTION_PERFORMED)
    MethodPolicy.objects.create(method="mfa_sms", students=True)
    campaign()
    Banner.objects.create(
        text_da="Sms er forsinket.", text_en="Messages are late.", ends_at=timezone.now() + timedelta(1)
    )
    AccountImport.objects.create(uploaded_by=boss, file_name="people.csv", state="ready", fingerprint="f", content=b"a")
    GatewayState.objects.create(gateway="file")
    refusals.count_refusal(sign_in_events.PASSWORD_REFUSED, ClientInfo(address="192.0.2.1"))
    PrefixBlock.objects.create(prefix="+452612", numbers=8, entered=0)
    Client.objects.create(name_da="KUmail", name_en="KUmail", redirect_uris="https://mail.example.dk/back")
    keys.rotate(SigningKey.Use.OIDC)
    tenant = Tenant.objects.create(name="KU", tenant_id=uuid4(), metadata_url="https://login.example/metadata")
    TenantLink.objects.create(tenant=tenant, account=student, object_id="1")
    _ask(colleague, boss)
    give(student, colleague)
    return World(agent, browser_of(agent, sms_outbox), targets, role)


def _ask(asker: Account, account: Account) -> Approval:
    fields = {"asked_by": asker, "account": account, "expires_at": timezone.now() + timedelta(hours=1)}
    return Approval.objects.create(action="reset", proof="mitid", case_number="INC-1", **fields)

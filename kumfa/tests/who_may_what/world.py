"""The table of permissions in the admin, and an agent who tries every URL, helpdesk action and case against it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.urls import reverse

from accounts.models import Account
from tests.fixtures import Browser

TABLE = """
                            | Helpdesk | Helpdesk lead | Auditor | Administrator | superuser | no group
see accounts.Account        | yes      | yes           | yes     | yes           | yes       | -
see audit.SecurityEvent  | yes      | yes           | yes     | yes           | yes       | -
see audit.RefusalCount      | yes      | yes           | yes     | yes           | yes       | -
see notices.Notice         | yes      | yes           | yes     | yes           | yes       | -
see notices.Banner         | yes      | yes           | yes     | yes           | yes       | -
edit notices.Banner        | -        | -             | -       | yes           | yes       | -
see helpdesk.Case           | yes      | yes           | yes     | yes           | yes       | -
see helpdesk.ActionRecord       | yes      | yes           | yes     | yes           | yes       | -
see helpdesk.Approval       | -        | yes           | yes     | yes           | yes       | -
see sign_in.MethodPolicy   | -        | -             | yes     | yes           | yes       | -
edit sign_in.MethodPolicy  | -        | -             | -       | yes           | yes       | -
see campaigns.EnrollmentCampaign  | yes | yes          | yes     | yes           | yes       | -
edit campaigns.EnrollmentCampaign | -   | -            | -       | yes           | yes       | -
see account_import.AccountImport  | -        | -             | yes     | yes           | yes       | -
see mfa_sms.SmsDevice       | yes      | yes           | yes     | yes           | yes       | -
see mfa_sms.Challenge       | yes      | yes           | yes     | yes           | yes       | -
see mfa_sms.TextMessage     | yes      | yes           | yes     | yes           | yes       | -
see mfa_sms.GatewayState    | yes      | yes           | yes     | yes           | yes       | -
see mfa_sms.PrefixBlock     | yes      | yes           | yes     | yes           | yes       | -
see mfa_totp.AuthenticatorApp | yes      | yes           | yes     | yes           | yes       | -
see mfa_recovery.RecoveryDevice | yes  | yes           | yes     | yes           | yes       | -
see mfa_pass.AccessPass       | yes      | yes           | yes     | yes           | yes       | -
see sso.Client              | -        | -             | yes     | yes           | yes       | -
edit sso.Client             | -        | -             | -       | yes           | yes       | -
see sso.SigningKey          | -        | -             | yes     | yes           | yes       | -
see sso.Tenant              | -        | -             | yes     | yes           | yes       | -
edit sso.Tenant             | -        | -             | -       | yes           | yes       | -
see sso.TenantLink          | yes      | yes           | yes     | yes           | yes       | -
accounts.read_words         | -        | -             | -       | -             | yes       | -
helpdesk.unlock_account     | yes      | yes           | -       | -             | yes       | -
helpdesk.end_sessions       | yes      | yes           | -       | -             | yes       | -
helpdesk.remove_device      | yes      | yes           | -       | -             | yes       | -
helpdesk.reset_account      | yes      | yes           | -       | -             | yes       | -
mfa_pass.issue_access_pass  | yes      | yes           | -       | -             | yes       | -
mfa_sms.send_test_message   | yes      | yes           | -       | -             | yes       | -
mfa_sms.register_number     | yes      | yes           | -       | -             | yes       | -
helpdesk.block_account      | yes      | yes           | -       | -             | yes       | -
helpdesk.require_new_password | yes    | yes           | -       | -             | yes       | -
sso.remove_entra_link       | yes      | yes           | -       | -             | yes       | -
helpdesk.send_reset_mail    | yes      | yes           | -       | -             | yes       | -
helpdesk.deactivate_account | -        | -             | -       | yes           | yes       | -
helpdesk.add_note           | yes      | yes           | -       | yes           | yes       | -
helpdesk.take_call          | yes      | yes           | -       | -             | yes       | -
mfa_sms.call_back           | yes      | yes           | -       | -             | yes       | -
helpdesk.handle_case        | yes      | yes           | -       | -             | yes       | -
accounts.export_list        | -        | yes           | yes     | yes           | yes       | -
accounts.assign_role        | -        | -             | -       | yes           | yes       | -
account_import.import_accounts    | -        | -             | -       | yes           | yes       | -
mfa_sms.disable_gateway        | -        | -             | -       | yes           | yes       | -
mfa_sms.lift_prefixblock       | yes      | yes           | -       | yes           | yes       | -
mfa_sms.view_full_number    | -        | yes           | -       | -             | yes       | -
mfa_sms.search_by_number    | yes      | yes           | -       | -             | yes       | -
helpdesk.act_on_staff_accounts       | -        | yes           | -       | -             | yes       | -
helpdesk.approve_action        | -        | yes           | -       | -             | yes       | -
"""

# Pages outside the tables that need no permission, with the status that staff get. None: it depends on the table above.
OTHERS = {
    "admin:index": 302,
    "admin:overview": 200,
    "admin:jsi18n": 200,
    "admin:login": 302,
    "admin:logout": 200,
    "admin:password_change": 302,
    "admin:password_change_done": 200,
    "admin:autocomplete": 403,
    "admin:view_on_site": 404,
    "/admin/nowhere": 404,
    "admin:app_list": None,
    "admin:section": None,
    "admin:campaign_do": None,
    "admin:campaign_export": None,
    "admin:campaign_missing": None,
    "admin:overview_csv": None,
    "admin:helpdesk_action": None,
    "admin:helpdesk_call": None,
    "admin:helpdesk_case": None,
    "admin:helpdesk_decide": None,
    "admin:helpdesk_search": None,
    "admin:helpdesk_panel": None,
    "admin:backoffice_role": None,
    "admin:helpdesk_result": None,
    "admin:import_upload": None,
    "admin:import_apply": None,
    "admin:import_drop": None,
    "admin:mfa_sms_gateway": None,
    "admin:mfa_sms_gateway_disable": None,
    "admin:mfa_sms_gateway_enable": None,
    "admin:mfa_sms_prefixblock_lift": None,
    "admin:sso_client_secret": None,
    "admin:sso_tenant_keys": None,
    "admin:sso_tenant_pilot": None,
}
PAGES = ("changelist", "add", "change", "delete", "history")
EXPORT = "export"
CRAFTED = {"username": "evil", "post": "yes", "is_superuser": "on", "students": "on", "_save": "Save"}


def _read() -> tuple[list[str], dict[str, dict[str, bool]]]:
    head, *lines = TABLE.strip("\n").splitlines()
    roles = [name.strip() for name in head.split("|")[1:]]
    rows = {}
    for line in lines:
        thing, *cells = (cell.strip() for cell in line.split("|"))
        rows[thing] = {role: cell == "yes" for role, cell in zip(roles, cells, strict=True)}
    return roles, rows


ROLES, ALLOWED = _read()
every_role = pytest.mark.parametrize("role", ROLES)


@dataclass
class World:
    """The agent, and the accounts that the agent finds."""

    agent: Account
    browser: Browser
    targets: dict[str, Account]
    role: str

    def may(self, thing: str) -> bool:
        return ALLOWED[thing][self.role]

    def touches(self, name: str) -> bool:
        """Whether the role may act on that account at all."""
        return name == "student" or (name != "own account" and self.may("helpdesk.act_on_staff_accounts"))


def tables() -> Iterator[tuple[Any, str]]:
    for model in admin.site._registry:
        yield model, f"admin:{model._meta.app_label}_{model._meta.model_name}"


def pages(model: Any, prefix: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the URL of each page of a table, for an existing row."""
    row = model._default_manager.first()
    assert row is not None, model
    for page in PAGES:
        yield page, reverse(f"{prefix}_{page}", args=[] if page in ("changelist", "add") else [row.pk])


def refuses(response: Any) -> bool:
    """Whether access is refused, or no such row is found. Django redirects to the index if it finds no row."""
    return response.status_code == 403 or (response.status_code, response.get("Location")) == (302, "/admin/")

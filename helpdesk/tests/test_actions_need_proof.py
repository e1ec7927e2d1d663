"""Helpdesk actions require a recorded proof of identity (ASVS 6.4.4)."""

import pytest
from django.contrib.auth.models import Permission

from accounts.models import Account
from helpdesk.models import ActionRecord, IdentityProof
from helpdesk.registry import HelpdeskAction, all_actions
from mfa_sms.models import SmsDevice
from tests.fixtures import Walk
from tests.helpers import picture, staff_signed_in

PROVING = [action for action in all_actions() if action.proves]


def test_every_act_that_changes_a_login_asks_for_proof() -> None:
    assert {"unlock", "end-sessions", "remove-device", "reset", "access-pass"} <= {action.slug for action in PROVING}


@pytest.mark.parametrize("proof", [None, "", "said_so"])
@pytest.mark.parametrize("action", PROVING, ids=lambda action: action.slug)
def test_asvs_6_4_4_an_act_without_proof_is_a_validation_error(
    walk: Walk, helpdesk: Account, phone: SmsDevice, action: HelpdeskAction, proof: str | None
) -> None:
    helpdesk.user_permissions.add(Permission.objects.get(codename=action.permission.partition(".")[2]))
    browser = staff_signed_in(walk, helpdesk)
    said = {"case_number": "INC-2048", "note": "", "device": phone.persistent_id, "life": "60"}
    before = picture()
    response = browser.post(
        f"/admin/accounts/account/{phone.user.pk}/action/{action.slug}/",
        said | ({} if proof is None else {"proof": proof}),
    )
    assert response.status_code == 200
    assert "proof" in response.context["form"].errors
    assert picture() == before
    assert not ActionRecord.objects.exists()
    assert set(dict(response.context["form"].fields["proof"].choices)) == {"", *IdentityProof.values} - {"code"}

"""The events of an action read as words on the account's page, not as codes."""

from accounts.models import Account
from audit import kinds
from helpdesk.models import ActionRecord, IdentityProof
from helpdesk.tests.people import do
from tests.fixtures import Browser


def test_the_proof_of_identity_is_named_by_its_label(desk: Browser, student: Account) -> None:
    do(desk, student, "end-sessions", proof="in_person", document="passport")
    event = ActionRecord.objects.get().event
    assert event is not None
    assert kinds.describe_detail(event) == f"{IdentityProof.IN_PERSON.label} · INC-1042"
    assert "in_person" not in desk.get(f"/admin/accounts/account/{student.pk}/change/").content.decode()

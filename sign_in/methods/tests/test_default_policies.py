"""Each migrate creates a row with each method's default policy, which administrators see."""

import pytest

from sign_in.methods import default_policies
from sign_in.models import MethodPolicy

pytestmark = pytest.mark.django_db


def rules() -> set[tuple[str, bool, bool]]:
    return set(MethodPolicy.objects.values_list("method", "students", "employees"))


def test_each_method_that_people_enroll_gets_a_row() -> None:
    MethodPolicy.objects.all().delete()
    default_policies.make_defaults()
    assert rules() == {("mfa_sms", True, False), ("mfa_totp", True, True)}


def test_a_row_that_is_there_is_left_alone() -> None:
    MethodPolicy.objects.filter(method="mfa_sms").update(students=False)
    default_policies.make_defaults()
    assert ("mfa_sms", False, False) in rules()
    assert MethodPolicy.objects.filter(method="mfa_sms").count() == 1

"""Administrators edit who may use a method. Each policy is a row."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone

from accounts.models import Account
from audit.models import SecurityEvent
from mfa_sms.models import SmsDevice
from sign_in import methods
from sign_in.methods import events, policies
from sign_in.models import MethodPolicy
from tests.fixtures import Walk
from tests.helpers import is_signed_in, staff_signed_in


def rule(students: bool, employees: bool, **fields: Any) -> None:
    MethodPolicy.objects.create(method="mfa_sms", students=students, employees=employees, **fields)
    policies.forget()


def sms() -> methods.Method:
    found = methods.by_slug("mfa_sms")
    assert found is not None
    return found


@pytest.mark.django_db
def test_r1_by_default_sms_is_for_students_and_the_app_for_all() -> None:
    found = {row.method: (row.students, row.employees) for row in MethodPolicy.objects.all()}
    assert found["mfa_sms"] == (True, False)
    assert found["mfa_totp"] == (True, True)


def test_r4_who_is_both_counts_as_an_employee(student_employee: Account) -> None:
    assert not sms().allows(student_employee)
    rule(False, True)
    assert sms().allows(student_employee)


def test_of_several_rules_the_newest_that_has_begun_holds(student: Account) -> None:
    rule(False, False, valid_from=timezone.now() + timedelta(days=1))
    assert sms().allows(student)
    rule(False, False)
    assert not sms().allows(student)


def test_a_method_without_a_rule_is_for_whom_it_says_itself(student: Account, employee: Account) -> None:
    MethodPolicy.objects.all().delete()
    policies.forget()
    assert sms().allows(student)
    assert not sms().allows(employee)


def test_a_change_takes_effect_at_the_next_sign_in(walk: Walk, phone: SmsDevice) -> None:
    MethodPolicy.objects.filter(method="mfa_sms").update(students=False)
    policies.forget()
    walk.to_code(phone)
    assert walk.code().redirect_chain[-1][0] == "/enroll/"
    assert not is_signed_in(walk.browser)


FORM = {"method": "mfa_sms", "students": "on", "employees": "on", "valid_from_0": "2026-01-01", "valid_from_1": "08:00"}

FORM_LATER = {**FORM, "valid_from_0": "2099-01-01"}


def test_an_administrator_makes_a_rule_with_an_event(walk: Walk, administrator: Account, employee: Account) -> None:
    browser = staff_signed_in(walk, administrator)
    assert browser.get("/admin/sign_in/methodpolicy/add/").status_code == 200
    MethodPolicy.objects.filter(method="mfa_sms").delete()
    response = browser.post("/admin/sign_in/methodpolicy/add/", FORM)
    assert response.status_code == 302
    policies.forget()
    assert sms().allows(employee)
    event = SecurityEvent.objects.get(kind=events.POLICY_CHANGED)
    assert event.actor == administrator
    assert event.reason == "mfa_sms"
    assert event.detail.startswith("students=1 employees=1")


def test_a_rule_that_leaves_students_without_a_method_is_refused(walk: Walk, administrator: Account) -> None:
    MethodPolicy.objects.filter(method="mfa_totp").update(students=False)
    browser = staff_signed_in(walk, administrator)
    response = browser.post("/admin/sign_in/methodpolicy/add/", {**FORM_LATER, "students": ""})
    assert response.status_code == 200
    assert "Studerende ville ikke have nogen metode tilbage" in response.content.decode()
    assert MethodPolicy.objects.filter(method="mfa_sms", students=False).count() == 0


def test_a_rule_is_judged_at_every_later_change_too(walk: Walk, administrator: Account) -> None:
    later = timezone.now() + timedelta(days=20)
    MethodPolicy.objects.create(method="mfa_sms", students=False, employees=False, valid_from=later)
    browser = staff_signed_in(walk, administrator)
    sooner = {**FORM, "method": "mfa_totp", "students": "", "valid_from_0": f"{later - timedelta(days=10):%Y-%m-%d}"}
    response = browser.post("/admin/sign_in/methodpolicy/add/", sooner)
    assert "Studerende ville ikke have nogen metode tilbage" in response.content.decode()
    assert not MethodPolicy.objects.filter(method="mfa_totp", students=False).exists()


def test_asvs_7_5_1_a_rule_needs_a_fresh_second_factor(walk: Walk, administrator: Account, time_machine: Any) -> None:
    browser = staff_signed_in(walk, administrator)
    time_machine.move_to(timezone.now() + timedelta(minutes=21), tick=False)
    for response in (
        browser.get("/admin/sign_in/methodpolicy/add/"),
        browser.post("/admin/sign_in/methodpolicy/add/", FORM),
    ):
        assert response["Location"] == "/sign-in/verify/"
    assert MethodPolicy.objects.filter(employees=True, method="mfa_sms").count() == 0


def test_asvs_8_2_1_without_the_permission_a_rule_can_be_read_at_most(walk: Walk, helpdesk: Account) -> None:
    browser = staff_signed_in(walk, helpdesk)
    assert browser.get("/admin/sign_in/methodpolicy/").status_code == 403
    helpdesk.user_permissions.set(Permission.objects.filter(codename="view_methodpolicy"))
    assert browser.get("/admin/sign_in/methodpolicy/").status_code == 200
    assert browser.post("/admin/sign_in/methodpolicy/add/", FORM).status_code == 403


def test_no_rule_is_ever_deleted(walk: Walk, administrator: Account) -> None:
    browser = staff_signed_in(walk, administrator)
    pk = MethodPolicy.objects.get(method="mfa_sms").pk
    assert browser.post(f"/admin/sign_in/methodpolicy/{pk}/delete/", {"post": "yes"}).status_code == 403
    assert MethodPolicy.objects.filter(pk=pk).exists()

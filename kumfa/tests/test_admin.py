"""The admin: permissions, no changes to any row, and no secret on any page."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.urls import reverse

from accounts.models import Account
from backoffice.read_only import ReadOnlyModelAdmin
from mfa_sms.models import Challenge, SmsDevice
from tests.fixtures import Walk, confirmed_phone
from tests.helpers import STATIC_CODE, picture, single_use_code, staff_signed_in
from tests.interface import in_da

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
NUMBER = re.compile(r"26\D{0,8}12\D{0,8}34\D{0,8}78")


def urls(model: Any, row: Any) -> Iterator[str]:
    prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    yield reverse(f"{prefix}_changelist")
    yield reverse(f"{prefix}_add")
    for view in ("change", "history", "delete"):
        yield reverse(f"{prefix}_{view}", args=[row.pk])


@pytest.fixture
def traces(walk: Walk, student: Account) -> None:
    """Create rows in our tables: a verified phone, its challenges, messages and events."""
    walk.signed_in(confirmed_phone(student))
    walk.browser.post("/sign-out/")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_asvs_8_2_1_staff_without_a_permission_see_nothing(
    walk: Walk, helpdesk: Account, traces: None, model: Any
) -> None:
    browser = staff_signed_in(walk, helpdesk)
    row = model.objects.first()
    for url in list(urls(model, row or helpdesk))[: None if row else 2]:
        assert browser.get(url).status_code == 403, url
    assert "stu123" not in browser.get("/admin/", follow=True).content.decode()


def test_asvs_8_2_1_a_permission_opens_its_own_table_alone(walk: Walk, helpdesk: Account, traces: None) -> None:
    helpdesk.user_permissions.add(Permission.objects.get(codename="view_securityevent"))
    browser = staff_signed_in(walk, helpdesk)
    assert browser.get("/admin/audit/securityevent/").status_code == 200
    assert browser.get("/admin/accounts/account/").status_code == 403
    assert browser.get("/admin/mfa_sms/smsdevice/").status_code == 403


def test_asvs_8_2_1_a_permission_to_change_is_none_to_change(walk: Walk, helpdesk: Account, traces: None) -> None:
    names = ("view", "add", "change", "delete")
    codenames = [f"{name}_{model}" for name in names for model in ("account", "securityevent", "smsdevice")]
    helpdesk.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    browser = staff_signed_in(walk, helpdesk)
    before = picture()
    for model in (Account, SmsDevice):
        row: Any = model.objects.first()
        for url in list(urls(model, row))[1:]:
            assert url.endswith("/history/") or browser.post(url, {"username": "x", "post": "yes"}).status_code == 403
    assert picture() == before


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_asvs_8_2_1_not_even_a_superuser_changes_a_row_by_a_crafted_post(
    walk: Walk, administrator: Account, traces: None, model: Any
) -> None:
    browser = staff_signed_in(walk, administrator)
    row = model.objects.first()
    before = picture()
    prefix = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    data = {"username": "evil", "name": "evil", "is_superuser": "on", "number": "+4526123479", "_save": "Save"}
    inline = {"token_set-TOTAL_FORMS": "0", "token_set-INITIAL_FORMS": "0", "user": str(administrator.pk)}
    browser.post(reverse(f"{prefix}_add"), {**data, **inline})
    if row is not None:
        browser.post(reverse(f"{prefix}_change", args=[row.pk]), {**data, **inline})
        browser.post(reverse(f"{prefix}_delete", args=[row.pk]), {"post": "yes"})
        chosen = {"action": "delete_selected", "_selected_action": str(row.pk), "post": "yes"}
        browser.post(reverse(f"{prefix}_changelist"), chosen)
    assert picture() == before


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_table_in_the_admin_is_to_be_read_only(model: Any) -> None:
    assert isinstance(admin.site._registry[model], ReadOnlyModelAdmin)


def test_asvs_16_2_5_no_page_of_the_admin_holds_a_secret(walk: Walk, administrator: Account, traces: None) -> None:
    browser = staff_signed_in(walk, administrator)
    secrets = [account.password for account in Account.objects.all()]
    secrets += [bytes(challenge.nonce).hex() for challenge in Challenge.objects.all()]
    secrets += [challenge.browser for challenge in Challenge.objects.all()]
    secrets += walk.outbox.codes
    seen = 0
    for model in MODELS:
        row: Any = model._default_manager.first()
        for url in urls(model, row or administrator):
            page = browser.get(url, follow=True).content.decode()
            seen += "_change" in url or "/change/" in url
            assert not NUMBER.search(re.sub(r"\d{4}-\d{2}-\d{2}", "", page)), url
            for secret in filter(None, secrets):
                assert secret not in page, url
    assert seen


def test_a_single_use_code_is_on_no_page_of_the_admin(walk: Walk, administrator: Account) -> None:
    browser = staff_signed_in(walk, administrator)
    device = administrator.staticdevice_set.get()
    device.token_set.create(token="qwertzui")
    for path in (f"/admin/otp_static/staticdevice/{device.pk}/change/", "/admin/auth/group/"):
        response = browser.get(path, follow=True)
        assert response.status_code == 404
        assert "qwertzui" not in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "mfa_sms/smsdevice/?number__startswith=%2B45",
        "mfa_sms/textmessage/?number__regex=.",
        "mfa_sms/challenge/?browser__startswith=a",
        "accounts/account/?password__startswith=md5",
        "audit/securityevent/?name_digest__gt=0",
    ],
)
def test_what_is_masked_cannot_be_guessed_by_a_query(walk: Walk, administrator: Account, query: str) -> None:
    browser = staff_signed_in(walk, administrator)
    response = browser.get(f"/admin/{query}", follow=True)
    assert response.status_code == 400 or response.redirect_chain


def test_the_lists_own_filters_work(walk: Walk, administrator: Account) -> None:
    browser = staff_signed_in(walk, administrator)
    assert browser.get("/admin/accounts/account/?is_student__exact=1").status_code == 200


def test_a_number_can_be_told_by_its_last_two_digits(walk: Walk, administrator: Account, traces: None) -> None:
    browser = staff_signed_in(walk, administrator)
    for path in ("/admin/mfa_sms/smsdevice/", "/admin/mfa_sms/textmessage/"):
        assert "+45 •• •• •• 78" in browser.get(path).content.decode()


@pytest.mark.parametrize("path", ["/admin/", "/admin/accounts/account/", "/admin/login/", "/admin/nonsense/"])
def test_who_is_not_signed_in_is_led_to_the_portals_own_sign_in(walk: Walk, path: str, db: None) -> None:
    response = walk.get(path)
    assert response.redirect_chain[-1][0].startswith("/sign-in/?next=%2Fadmin%2F")
    page = response.content.decode()
    assert 'type="password"' not in page
    assert 'name="next" value="/admin/' in page


def test_staff_come_to_the_admin_through_the_portal(walk: Walk, administrator: Account) -> None:
    single_use_code(administrator)
    walk.name(administrator, "/admin/")
    walk.password()
    assert walk.browser.post(walk.journey + STATIC_CODE, {"code": "abcdefgh"})["Location"] == "/admin/"
    assert walk.get("/admin/").status_code == 200


def test_asvs_8_4_2_a_student_is_never_let_in(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    response = walk.get("/admin/")
    assert response.status_code == 403
    assert in_da("No access") in response.content.decode()


def test_asvs_8_4_2_text_messages_do_not_open_the_admin(walk: Walk, phone: SmsDevice) -> None:
    walk.signed_in(phone)
    Account.objects.update(is_staff=True, is_superuser=True)
    assert walk.get("/admin/").status_code == 403
    assert walk.get("/admin/accounts/account/").status_code == 403


def test_asvs_8_4_2_whoever_became_staff_signs_in_again_first(
    walk: Walk, another_walk: Walk, employee: Account
) -> None:
    browser = staff_signed_in(walk, employee)
    Account.objects.update(is_staff=True)
    assert walk.get("/admin/").status_code == 403
    browser.post("/sign-out/")
    assert staff_signed_in(another_walk, employee).get("/admin/overview/").status_code == 200


def test_an_employee_who_is_no_staff_is_not_let_in(walk: Walk, employee: Account) -> None:
    staff_signed_in(walk, employee)
    assert walk.get("/admin/").status_code == 403


def test_a_member_of_staff_who_was_demoted_is_out_at_once(walk: Walk, administrator: Account) -> None:
    browser = staff_signed_in(walk, administrator)
    Account.objects.update(is_staff=False)
    assert browser.get("/admin/", follow=True).status_code == 403


def test_the_admin_signs_out_of_the_portal(walk: Walk, administrator: Account) -> None:
    browser = staff_signed_in(walk, administrator)
    assert in_da("Log out") in browser.get("/admin/logout/").content.decode()
    assert browser.post("/admin/logout/")["Location"] == "/signed-out/"
    assert browser.get("/admin/").status_code == 302


def test_asvs_6_4_6_a_password_is_changed_by_mail_alone(walk: Walk, administrator: Account) -> None:
    browser = staff_signed_in(walk, administrator)
    data = {"old_password": "x", "new_password1": "Kastanjer 17 og 4", "new_password2": "Kastanjer 17 og 4"}
    assert browser.post("/admin/password_change/", data)["Location"] == "/password/forgotten/"
    assert browser.post(f"/admin/accounts/account/{administrator.pk}/password/", data).status_code in (302, 403, 404)
    before = Account.objects.get(pk=administrator.pk).password
    assert before == administrator.password


def test_who_may_use_the_admin_is_led_on_from_its_sign_in(walk: Walk, administrator: Account) -> None:
    browser = staff_signed_in(walk, administrator)
    assert browser.get("/admin/login/", follow=True).status_code == 200

"""The registry of methods: a new method is offered without any change to `accounts`."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Permission
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice

from accounts.models import Account
from demo.method import StaticCodeMethod
from mfa_recovery.models import RecoveryDevice
from mfa_sms.models import SmsDevice
from mfa_totp.models import AuthenticatorApp
from sign_in import methods
from sign_in.methods import Method, Words, device_rows, registry
from tests.fixtures import Walk
from tests.helpers import is_signed_in, registered_methods, single_use_code, staff_signed_in
from tests.interface import in_da


class Fake(Method):
    slug = "fake"
    label = "Brevdue"
    models = ()
    students = True
    employees = True
    verification_url = "demo:static_code"
    enrollment_url = "sign_in:help"

    def devices(self, account_id: int) -> list[Device]:
        return list(StaticDevice.objects.filter(user_id=account_id).select_related("user"))

    def prompt(self, device: Device) -> Words:
        return Words("Send en brevdue", "Send en due med et brev")

    def describe(self, device: Device) -> Words:
        return Words("Duen Karl")


class WeakCodes(StaticCodeMethod):
    opens_admin = False


FAKE = Fake()


@pytest.fixture
def pigeon() -> Iterator[Method]:
    """Register a third method for the test."""
    with registered_methods(FAKE):
        yield FAKE


@pytest.fixture
def weak_codes() -> Iterator[None]:
    """Replace the demo's single-use codes by codes that are not strong enough for the admin."""
    with registered_methods(WeakCodes(), without="otp_static"):
        yield


def test_the_methods_of_the_portal_are_registered() -> None:
    assert [method.slug for method in methods.all_methods()] == [
        *("mfa_sms", "mfa_totp", "mfa_recovery", "mfa_pass", "otp_static")
    ]


def test_a_slug_is_taken_once(pigeon: Method) -> None:
    with pytest.raises(ValueError, match="fake"):
        methods.register(FAKE)


def test_a_third_method_is_offered_at_enrollment(walk: Walk, student: Account, pigeon: Method) -> None:
    walk.to_password(student)
    page = walk.get("/enroll/methods/").content.decode()
    assert in_da("Phone") in page
    assert "Brevdue" in page
    assert walk.get("/enroll/methods/?method=fake").redirect_chain == [("/help/", 302)]
    assert walk.get("/enroll/methods/?method=mfa_sms").redirect_chain == [("/enroll/phone/", 302)]
    assert "Brevdue" in walk.get("/enroll/methods/?method=nonsense").content.decode()


def test_a_third_method_is_offered_at_the_sign_in(walk: Walk, phone: SmsDevice, pigeon: Method) -> None:
    single_use_code(phone.user)
    walk.name(phone.user)
    page = walk.password().content.decode()
    assert "Send sms til +45 •• •• •• 78" in page
    assert "Send en brevdue" in page
    assert "Send en due med et brev" in page
    assert f'action="{methods.Option(FAKE, phone).url}"' in page


def test_a_method_that_lacks_what_a_factor_must_implement_cannot_be_made() -> None:
    class Half(Method):
        slug = "half"
        label = "Halv"

    with pytest.raises(TypeError, match="devices, models, prompt, verification_url"):
        Half()  # type: ignore[abstract]


def test_a_third_method_is_among_the_login_methods(walk: Walk, phone: SmsDevice, pigeon: Method) -> None:
    single_use_code(phone.user)
    walk.signed_in(phone)
    assert "Duen Karl" in walk.get("/security-info/").content.decode()


def test_a_third_method_alone_satisfies_the_requirement(walk: Walk, student: Account, pigeon: Method) -> None:
    single_use_code(student)
    walk.name(student)
    assert walk.password().redirect_chain[-1][0] == "/sign-in/verify/"
    assert walk.get("/enroll/").status_code == 409


def test_a_method_that_people_cannot_enroll_by_themselves_is_not_offered(helpdesk: Account) -> None:
    assert [method.slug for method in methods.enrollable(helpdesk)] == ["mfa_totp"]


def test_the_strongest_method_stands_first(student: Account) -> None:
    assert [method.slug for method in methods.enrollable(student)] == ["mfa_totp", "mfa_sms"]


def test_a_device_of_a_method_that_the_account_may_no_longer_use_does_not_count(phone: SmsDevice) -> None:
    assert methods.standing(phone.user.pk).enrolled
    Account.objects.update(is_employee=True)
    standing = methods.standing(phone.user.pk)
    assert not standing.enrolled
    assert standing.options == ()


def test_a_device_belongs_to_the_method_of_its_app(pigeon: Method) -> None:
    found = methods.of_device(SmsDevice())
    assert found is not None
    assert found.slug == "mfa_sms"


def test_a_device_of_an_app_without_a_method_belongs_to_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_methods", {})
    assert methods.of_device(SmsDevice()) is None


@pytest.mark.parametrize("superuser", [True, False])
def test_asvs_8_4_2_a_method_that_does_not_open_the_admin_is_refused(
    walk: Walk, helpdesk: Account, weak_codes: None, superuser: bool
) -> None:
    Account.objects.update(is_superuser=superuser)
    helpdesk.user_permissions.set(Permission.objects.all())
    browser = staff_signed_in(walk, helpdesk)
    assert is_signed_in(browser)
    for path in ("/admin/", "/admin/accounts/account/"):
        response = browser.get(path, follow=True)
        assert response.status_code == 403
        assert in_da("No access") in response.content.decode()


def test_a_reset_takes_unconfirmed_devices_of_every_method_too(phone: SmsDevice) -> None:
    account = phone.user
    SmsDevice.objects.create(user=account, number="+4526123499")
    AuthenticatorApp.objects.create(user=account, bin_key=b"k" * 20)
    RecoveryDevice.objects.create(user=account)
    assert len(device_rows.delete_all(account.pk)) == 1
    for model in (SmsDevice, AuthenticatorApp, RecoveryDevice):
        assert not model._default_manager.filter(user=account).exists()

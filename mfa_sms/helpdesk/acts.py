"""What agents do about text messages: send a test, register a number for a student, see a whole number."""

from collections.abc import Sequence
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.phonenumber import PhoneNumber

from accounts import methods
from accounts.helpdesk.registry import Act, ActRefused, Done, register
from accounts.methods import Option
from accounts.models import Account
from accounts.origin import Origin
from mfa_sms import enrollment, gateways, numbers, permissions, telling
from mfa_sms.eligibility import may_use_sms
from mfa_sms.helpdesk.forms import FullNumberForm, RegisterNumberForm, SendTestForm
from mfa_sms.models import SmsDevice


def _device(account: Account, said: dict[str, object]) -> SmsDevice:
    device: SmsDevice | None = (
        SmsDevice.objects.select_related("user").filter(user=account, pk=str(said["device"])).first()
    )
    if device is None:
        raise ActRefused(_("The login method is no longer there."))
    return device


def _send_test(agent: Account, account: Account, said: dict[str, object], origin: Origin) -> Done:
    device, gateway = _device(account, said), str(said["gateway"])
    if not device.confirmed:
        raise ActRefused(_("A test goes to a confirmed number only."))
    if not telling.queue_test(device, gateway):
        raise ActRefused(_("So many messages have been sent to this number today that no test can be sent."))
    masked = numbers.mask(device.number)
    text = _(
        "A test message to %(number)s is on its way through %(gateway)s. Its status is shown below; reload the page."
    )
    return Done(text % {"number": masked, "gateway": gateway}, detail=f"{masked} {gateway}")


def _register(agent: Account, account: Account, said: dict[str, object], origin: Origin) -> Done:
    number = cast(PhoneNumber, said["number"])
    if not may_use_sms(account):
        raise ActRefused(_("This account may not use text messages. A number can be registered for students only."))
    if methods.standing(account.pk).guarded:
        raise ActRefused(_("The account has a login method. Remove or reset it first."))
    if enrollment.is_shared_by_many(account, number):
        raise ActRefused(_("The number is on as many accounts as it may be on."))
    device = enrollment.register_for(account, number)
    masked = numbers.mask(device.number)
    text = _("%(number)s is registered. At the next login the student confirms it with a code.")
    return Done(text % {"number": masked}, detail=masked, device=device)


def _show(agent: Account, account: Account, said: dict[str, object], origin: Origin) -> Done:
    device = _device(account, said)
    return Done(_("This is the whole number."), secret=numbers.full(device.number), detail=numbers.mask(device.number))


def _has_phone(account: Account, registered: Sequence[Option]) -> bool:
    return any(option.method.slug == "mfa_sms" for option in registered)


def _can_be_tested(account: Account, registered: Sequence[Option]) -> bool:
    return bool(gateways.configured()) and _has_phone(account, registered)


def _needs_a_number(account: Account, registered: Sequence[Option]) -> bool:
    return may_use_sms(account) and not methods.standing_of(registered).guarded


def register_all() -> None:
    """Add the acts of this module."""
    register(
        Act(
            slug="send-test-message",
            verb=gettext_lazy("Send a test message"),
            effect=gettext_lazy("A text message without a code is sent to the number, through the gateway you choose."),
            seen=gettext_lazy("The student gets a text message that says that it is a test from IT Support."),
            told="",
            permission=permissions.SEND_TEST_MESSAGE,
            perform=_send_test,
            form=SendTestForm,
            applies=_can_be_tested,
            tells=False,
            proves=False,
        )
    )
    register(
        Act(
            slug="register-number",
            verb=gettext_lazy("Register a mobile number"),
            effect=gettext_lazy(
                "The number is registered for the student, who confirms it with a code at the next login. "
                "Until then it can be changed here alone."
            ),
            seen=gettext_lazy(
                "At the next login, the student is offered a code to the number, of which two digits are shown."
            ),
            told=gettext_lazy(
                "IT Support has registered a mobile number for your account. "
                "It works once you have entered a code that was sent to it."
            ),
            permission=permissions.REGISTER_NUMBER,
            perform=_register,
            form=RegisterNumberForm,
            applies=_needs_a_number,
        )
    )
    register(
        Act(
            slug="full-number",
            verb=gettext_lazy("Show the whole number"),
            effect=gettext_lazy("The whole number is shown once. That you have seen it is kept, with your reason."),
            seen=gettext_lazy("The student sees nothing."),
            told="",
            permission=permissions.VIEW_FULL_NUMBER,
            perform=_show,
            form=FullNumberForm,
            applies=_has_phone,
            tells=False,
            proves=False,
        )
    )

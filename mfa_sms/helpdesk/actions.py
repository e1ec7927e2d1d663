"""Helpdesk actions: send a test message, register a number for a student, show a full number."""

from collections.abc import Mapping, Sequence
from typing import cast

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk import calls
from helpdesk.registry import ActionRefused, ActionResult, HelpdeskAction, LimitReached, register
from limits import catalogue, counting
from mfa_sms import enrollment, gateways, notifier, numbers, permissions
from mfa_sms.eligibility import may_use_sms
from mfa_sms.helpdesk.forms import CallBackForm, FullNumberForm, RegisterNumberForm, SendTestForm
from mfa_sms.models import SmsDevice
from sign_in import methods
from sign_in.methods import Option


def _device(account: Account, cleaned: Mapping[str, object]) -> SmsDevice:
    device: SmsDevice | None = (
        SmsDevice.objects.select_related("user").filter(user=account, pk=str(cleaned["device"])).first()
    )
    if device is None:
        raise ActionRefused(_("The login method is no longer there."))
    return device


def _has_phone(registered: Sequence[Option]) -> bool:
    return any(option.method.slug == "mfa_sms" for option in registered)


class SendTestMessage(HelpdeskAction):
    """Send a test message to a number of the account."""

    slug = "send-test-message"
    place = 15
    verb = gettext_lazy("Send a test message")
    effect = gettext_lazy("A text message without a code is sent to the number, through the gateway you choose.")
    seen = gettext_lazy("The student gets a text message that says that it is a test from IT Support.")
    permission = permissions.SEND_TEST_MESSAGE
    form = SendTestForm
    notifies = False
    proves = False

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        device, gateway = _device(account, cleaned), str(cleaned["gateway"])
        if not device.confirmed:
            raise ActionRefused(_("A test goes to a confirmed number only."))
        if not notifier.queue_test(device, gateway):
            raise ActionRefused(_("This number has already had so many messages today that you cannot send a test."))
        masked = numbers.mask_number(device.number)
        text = _(
            "A test message to %(number)s is on its way through %(gateway)s. Its status is shown below; reload the "
            "page."
        )
        return ActionResult(text % {"number": masked, "gateway": gateway}, detail=f"{masked} {gateway}")

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Whether a phone is registered and a gateway is configured."""
        return bool(gateways.configured()) and _has_phone(registered)


class RegisterNumber(HelpdeskAction):
    """Register an unconfirmed number for an account that never had a method."""

    slug = "register-number"
    place = 12
    verb = gettext_lazy("Register a mobile number")
    effect = gettext_lazy(
        "The number is registered for the student, who confirms it with a code at the next login. Until then it can "
        "only be changed here."
    )
    seen = gettext_lazy(
        "At the next login, the student is offered a code to this number. Only the last two digits are shown."
    )
    attacker = gettext_lazy(
        "Anyone who has the number and the password can log in as the user. Register it only for the person whose "
        "identity you have checked."
    )
    told = gettext_lazy(
        "IT Support has registered a mobile number for your account. "
        "It works once you have entered a code that was sent to it."
    )
    permission = permissions.REGISTER_NUMBER
    form = RegisterNumberForm

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        number = cast(PhoneNumber, cleaned["number"])
        if not may_use_sms(account):
            raise ActionRefused(
                _("This account may not use text messages. A number can be registered for students only.")
            )
        if methods.standing(account.pk).guarded:
            raise ActionRefused(_("The account has or had a login method. Give the student an access pass instead."))
        if enrollment.is_shared_by_many(account, number):
            raise ActionRefused(_("The number is already on the maximum number of accounts."))
        device = enrollment.register_for(account, number)
        masked = numbers.mask_number(device.number)
        text = _("%(number)s is registered. At the next login the student confirms it with a code.")
        return ActionResult(text % {"number": masked}, detail=masked, device=device)

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Whether the account may use SMS and never had a method."""
        return may_use_sms(account) and not methods.standing_of(account, registered).guarded


class ShowFullNumber(HelpdeskAction):
    """Show a full number once."""

    slug = "full-number"
    place = 55
    verb = gettext_lazy("Show the whole number")
    effect = gettext_lazy("The whole number is shown once. We record that you have seen it, and why.")
    seen = gettext_lazy("The student sees nothing.")
    permission = permissions.VIEW_FULL_NUMBER
    form = FullNumberForm
    notifies = False
    proves = False

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Return the full number as the `secret` of the result."""
        number = _device(account, cleaned).number
        return ActionResult(
            _("This is the whole number."), secret=numbers.format_number(number), detail=numbers.mask_number(number)
        )

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Whether a phone is registered."""
        return _has_phone(registered)


class CallBack(HelpdeskAction):
    """Show the whole number of a confirmed phone, for the agent to call it."""

    slug = "call-back"
    place = 25
    verb = gettext_lazy("Call back on a registered number")
    effect = gettext_lazy(
        "The whole number is shown, so that you can call it. We record that you have seen it. When the user answers, "
        "you can give “Called back” as the proof of identity."
    )
    seen = gettext_lazy("The student sees nothing until the phone rings.")
    attacker = gettext_lazy(
        "Anyone who has the phone can answer. Do not call a number that the caller says is lost, or that was added "
        "lately."
    )
    permission = permissions.CALL_BACK
    form = CallBackForm
    notifies = False
    proves = False

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Return the full number as the `secret` of the result, and record in the call that it was shown."""
        device = _device(account, cleaned)
        if not device.confirmed:
            raise ActionRefused(_("Only a confirmed number proves who answers."))
        refusal = counting.take(catalogue.NUMBERS_SHOWN_TO_AGENT, str(agent.pk), account_id=None)
        if refusal is not None:
            raise LimitReached(_("You have seen so many numbers today that you cannot see another."), refusal)
        calls.number_shown(agent, account)
        return ActionResult(
            _("Call this number. Do not call a number that the caller tells you."),
            secret=numbers.format_number(device.number),
            detail=numbers.mask_number(device.number),
        )

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Whether a phone is registered and the account is not reported."""
        return account.reported_at is None and _has_phone(registered)


def register_all() -> None:
    """Register the actions of this module with the helpdesk."""
    for action in (SendTestMessage(), RegisterNumber(), CallBack(), ShowFullNumber()):
        register(action)

"""SMS as a method of the portal."""

from collections.abc import Sequence
from typing import cast

from django.db.models import OuterRef, Subquery
from django.db.models.functions import Right
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_otp.models import Device

from accounts.models import Account
from common import languages
from common.help_sections import HelpSection
from mfa_sms import breaker, enrollment, gateways, notifier, numbers
from mfa_sms.models import SmsDevice, TextMessage
from sign_in.methods import Method, Words

_FATE_KNOWN = ("delivered", "undeliverable", "expired", "rejected")
_MISSED = 3  # messages in a row that did not arrive: the number may be wrong or have a new owner


class SmsMethod(Method):
    """Codes sent to a phone."""

    slug = "mfa_sms"
    label = gettext_lazy("Phone")
    models = (SmsDevice,)
    verification_url = "mfa_sms:send"
    enrollment_url = "mfa_sms:phone"
    help_section = HelpSection.FIRST_TIME_SMS
    students = True
    strength = 1
    amr = "sms"
    cannot = gettext_lazy("I cannot use this phone")
    registered = gettext_lazy("The phone is now registered")
    onward = gettext_lazy("Now log in with a new code that we send to the phone.")
    preparations = (
        gettext_lazy("If you choose text messages, your phone must have coverage."),
        gettext_lazy(
            "If you choose text messages, we use your number for codes and notices about your login, and for nothing "
            "else."
        ),
    )
    risk = gettext_lazy(
        "Anyone who has your phone or your number can read a text message. It is less secure than an app, but far "
        "better than a password alone."
    )

    def devices(self, account_id: int) -> Sequence[Device]:
        """Return the confirmed phones with the known statuses of their last messages (`fate_0` is the newest)."""
        fates = (
            TextMessage.objects.filter(account_id=account_id, device=OuterRef("pk"), status__in=_FATE_KNOWN)
            .order_by("-created_at")
            .values("status")
        )
        return list(
            SmsDevice.objects.filter(user_id=account_id, confirmed=True)
            .annotate(**{f"fate_{place}": Subquery(fates[place : place + 1]) for place in range(_MISSED)})
            .select_related("user")
            .order_by("-last_used_at")
        )

    def prompt(self, device: Device) -> Words:
        """Return the text of the button that sends a message."""
        number = cast(SmsDevice, device).number
        return Words(
            # Translators: a button. The number is masked but for its last two digits: "+45 •• •• •• 78".
            _("Send a text message to %(number)s") % {"number": numbers.mask_number(number)},
            # Translators: the same button as a screen reader says it.
            _("Send a text message to +%(country_code)s, the number ending in %(digits)s")
            % {"country_code": number.country_code, "digits": numbers.last_two(number)},
        )

    def describe(self, device: Device) -> Words:
        """Return the masked number."""
        number = cast(SmsDevice, device).number
        return Words(
            numbers.mask_number(number), _("the number ending in %(digits)s") % {"digits": numbers.last_two(number)}
        )

    def say(self, detail: str) -> str:
        """Return a masked number in words: a screen reader reads the dots one by one."""
        return _("the number ending in %(digits)s") % {"digits": detail[-2:]} if "•" in detail else detail

    def details(self, device: Device) -> str:
        """Return the country of the number."""
        return numbers.country_of(cast(SmsDevice, device).number, languages.current())

    def hint(self, device: Device) -> str:
        """Return a question about the number if its last messages did not arrive; otherwise an empty string."""
        fates = [getattr(device, f"fate_{place}", None) for place in range(_MISSED)]
        if any(fate in (None, "delivered") for fate in fates):
            return ""
        number = numbers.mask_number(cast(SmsDevice, device).number)
        text = _("The last %(count)d text messages to %(number)s did not arrive. Is the number still right?")
        return text % {"count": _MISSED, "number": number}

    def send_notice(self, device: Device, kind: str) -> None:
        """Queue a notice to the number."""
        notifier.send_notice(device, kind)

    def trouble(self) -> str:
        """Return a warning while every gateway is out of rotation; otherwise an empty string."""
        if breaker.all_out_of_service(gateways.configured()):
            return _("We cannot send text messages right now. We are working on it.")
        return ""

    def accounts_by_last_digits(self, digits: str) -> Sequence[int]:
        """Return the ids of accounts with a confirmed number that ends in `digits`.

        The index covers the last two digits.
        """
        ending = SmsDevice.objects.alias(ending=Right("number", 2)).filter(ending=digits[-2:])
        found = ending.filter(confirmed=True, number__endswith=digits)
        return list(found.values_list("user_id", flat=True))

    def has_pending_enrollment(self, account: Account) -> bool:
        """Return whether a number registered by IT Support is waiting for its first code."""
        return enrollment.has_assigned_device(account)


METHOD = SmsMethod()

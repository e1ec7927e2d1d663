"""Forms of the SMS pages."""

from typing import Any, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.phonenumber import PhoneNumber

from common import languages
from common.forms import PortalForm
from mfa_sms import numbers
from mfa_sms.numbers import NotANumber, NumberFault
from sign_in.methods import forms as methods_forms


class NumberRefused(Exception):
    """A valid number to which we send no codes.

    It is not a typing error, so it gets its own page instead of a field error.
    """

    def __init__(self, refused: NotANumber) -> None:
        super().__init__(refused.fault.value)
        self.refused = refused


def explain(refused: NotANumber) -> str:
    """Return what is wrong with a number, and whom to call."""
    return f"{fault(refused)} {_call()}"


def already_yours() -> str:
    """Return the error text for a number that the account has already registered."""
    said = _("You have registered this number already.")
    return f"{said} {_call()}"


def _call() -> str:
    return _("If you need help, call IT Support on %(support_phone)s.") % {
        "support_phone": languages.support_phone_on_page()
    }


def fault(refused: NotANumber) -> str:
    """Return what is wrong with a number."""
    country = {"country": numbers.country_name(refused.region, languages.current())}
    match refused.fault:
        case NumberFault.EMPTY:
            return _("Enter your mobile number.")
        case NumberFault.LETTERS:
            return _("A phone number has digits only.")
        case NumberFault.DANISH_LENGTH:
            return _("A Danish mobile number has 8 digits.")
        case NumberFault.TOO_SHORT if country["country"]:
            return _("The number has too few digits (%(country)s).") % country
        case NumberFault.TOO_LONG if country["country"]:
            return _("The number has too many digits (%(country)s).") % country
        case NumberFault.LANDLINE:
            return _("That is a landline. Enter a mobile number.")
        case _:
            return _("There is no such number. Check the digits and the country code.")


class PhoneForm(PortalForm):
    """Asks for country code and number; cleans `number` to a `PhoneNumber`.

    `is_valid` raises `NumberRefused` if the country or type of the number is not allowed.
    """

    country = forms.ChoiceField(
        label=gettext_lazy("Country code"),
        initial="DK",
        widget=forms.Select(attrs={"autocomplete": "tel-country-code"}),
    )
    number = forms.CharField(
        label=gettext_lazy("Phone number"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel-national"}),
    )
    field_order = ("country", "number")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["country"])
        field.choices = numbers.countries(languages.current())
        field.error_messages["invalid_choice"] = field.error_messages["required"] = _("Choose a country code")

    def clean_number(self) -> PhoneNumber:
        """Return the number. Raises `NumberRefused` or a validation error."""
        try:
            return numbers.parse_number(self.cleaned_data["number"], self.cleaned_data.get("country", "DK"))
        except NotANumber as refused:
            if refused.fault in (NumberFault.COUNTRY_REFUSED, NumberFault.TYPE_REFUSED):
                raise NumberRefused(refused) from None
            raise forms.ValidationError(explain(refused), code=refused.fault.value) from None


class SmsCodeForm(methods_forms.CodeForm):
    """Asks for the code from the text message."""

    described_by = ("notices", "code-sent", "delivery-failed")
    label = gettext_lazy("Code from text message")
    empty = gettext_lazy("Enter the code from the text message")

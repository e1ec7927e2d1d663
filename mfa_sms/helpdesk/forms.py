"""Forms of the helpdesk actions on text messages, and of the actions on gateways."""

from typing import Any, cast

import phonenumbers
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from phonenumber_field.phonenumber import PhoneNumber

from common import languages
from helpdesk.forms import ActionForm, NoteForm
from mfa_sms import gateways, numbers
from mfa_sms.forms import fault
from mfa_sms.models import GatewayState, SmsDevice
from mfa_sms.numbers import NotANumber, NumberFault
from mfa_sms.problems import why_refused


class _NoNumber(NoteForm):
    """Refuses a phone number in the note. Everyone who may read actions can read the note."""

    def clean_note(self) -> str:
        """Return the note. Raises a validation error if it contains a phone number."""
        note = super().clean_note()
        if phonenumbers.PhoneNumberMatcher(note, "DK", phonenumbers.Leniency.POSSIBLE).has_next():
            raise forms.ValidationError(_("Do not write a phone number in the note."))
        return note


class SmsActionForm(_NoNumber, ActionForm):
    """Base form of the helpdesk actions on text messages."""


class _NumberForm(SmsActionForm):
    """Asks for one of the account's numbers, shown masked; cleans `device` to its id as text."""

    device = forms.ChoiceField(
        label=gettext_lazy("Mobile number"), error_messages={"required": gettext_lazy("Choose a mobile number.")}
    )

    confirmed_only = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        devices = SmsDevice.objects.filter(user=self.account).order_by("-confirmed", "-last_used_at", "pk")
        if self.confirmed_only:
            devices = devices.filter(confirmed=True)
        cast(forms.ChoiceField, self.fields["device"]).choices = [
            (str(device.pk), self._named(device)) for device in devices
        ]

    def _named(self, device: SmsDevice) -> str:
        masked = numbers.mask_number(device.number)
        # Translators: a choice; %(number)s is "+45 •• •• •• 78".
        return masked if device.confirmed else _("%(number)s, not confirmed") % {"number": masked}


class SendTestForm(_NumberForm):
    """Asks for a number and a gateway."""

    gateway = forms.ChoiceField(
        label=gettext_lazy("Gateway"), error_messages={"required": gettext_lazy("Choose a gateway.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        slugs = [gateway.slug for gateway in gateways.configured()]
        cast(forms.ChoiceField, self.fields["gateway"]).choices = [(slug, slug) for slug in slugs]


class FullNumberForm(_NumberForm):
    """Asks for a number and the reason to see it in full."""

    confirmed_only = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].required = True
        self.fields["note"].error_messages["required"] = _("Say why you need the whole number.")


class CallBackForm(_NumberForm):
    """Asks for the number to call."""


class RegisterNumberForm(SmsActionForm):
    """Asks for country code and number, as the enrollment pages do; cleans `number` to a `PhoneNumber`."""

    country = forms.ChoiceField(label=gettext_lazy("Country code"), initial="DK")
    number = forms.CharField(
        label=gettext_lazy("Phone number"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = cast(forms.ChoiceField, self.fields["country"])
        field.choices = numbers.countries(languages.current())
        field.error_messages["invalid_choice"] = field.error_messages["required"] = _("Choose a country code")

    def clean_number(self) -> PhoneNumber:
        """Return the number. The validation error says what is wrong, or why we send no codes to it."""
        try:
            return numbers.parse_number(self.cleaned_data["number"], self.cleaned_data.get("country", "DK"))
        except NotANumber as refused:
            raise forms.ValidationError(_explain(refused), code=refused.fault.value) from None


def _explain(refused: NotANumber) -> str:
    match refused.fault:
        case NumberFault.EMPTY:
            return _("Enter the mobile number.")
        case NumberFault.COUNTRY_REFUSED | NumberFault.TYPE_REFUSED:
            return why_refused(refused)
        case _:
            return fault(refused)


class DisableGatewayForm(_NoNumber):
    """Asks why a gateway is disabled and, for the `last` one, for confirmation."""

    knows = forms.BooleanField(
        label=gettext_lazy("I know that no text message can be sent until a gateway is back in service"),
        error_messages={"required": gettext_lazy("Tick the box to confirm that no text message can be sent.")},
    )

    def __init__(self, *args: Any, last: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = cast(forms.CharField, self.fields["note"])
        note.label, note.required = _("Why?"), True
        note.error_messages["required"] = _("Say why the gateway is taken out of service.")
        note.max_length = GatewayState._meta.get_field("why").max_length
        note.validators.append(MaxLengthValidator(note.max_length or 0))
        if not last:
            del self.fields["knows"]


class EnableGatewayForm(forms.Form):
    """Identifies the state of the gateway that the administrator saw."""

    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

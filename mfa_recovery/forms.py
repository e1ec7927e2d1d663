"""What input the recovery codes' pages take."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import PortalForm
from mfa_recovery import codes


class RecoveryCodeForm(PortalForm):
    """Asks for one code; cleans to 15 characters. What was typed is never put back into the page."""

    code = forms.CharField(
        label=gettext_lazy("Recovery code"),
        help_text=gettext_lazy("15 letters and digits, from the list that you saved or printed"),
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
        ),
    )

    def __getitem__(self, name: str) -> forms.BoundField:
        """Return the field without its value."""
        field = super().__getitem__(name)
        field.value = lambda: ""  # type: ignore[method-assign]
        return field

    def clean_code(self) -> str:
        """Return the code, or say that there is none, or what one looks like."""
        typed = self.cleaned_data["code"]
        if not typed:
            raise forms.ValidationError(_("Enter a recovery code"), code="empty")
        code = codes.read(typed)
        if code is None:
            raise forms.ValidationError(
                _("A recovery code has 15 characters, and never the letters I and O or the digits 1 and 0"),
                code="malformed",
            )
        return code


class MakeForm(forms.Form):
    """The button that makes new codes, and the set whose place they take."""

    sheet = forms.IntegerField(min_value=0)

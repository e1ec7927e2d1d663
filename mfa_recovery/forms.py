"""What input the recovery codes' pages take."""

from django import forms
from django.utils.translation import gettext_lazy

from mfa_recovery import codes
from sign_in.methods.forms import SecretCodeForm


class RecoveryCodeForm(SecretCodeForm):
    """Asks for one code; cleans to 15 characters."""

    label = gettext_lazy("Recovery code")
    hint = gettext_lazy("15 letters and digits, from the list that you saved or printed")
    empty = gettext_lazy("Enter a recovery code")
    malformed = gettext_lazy("A recovery code has 15 characters, and never the letters I and O or the digits 1 and 0")
    read = staticmethod(codes.parse_recovery_code)


class MakeForm(forms.Form):
    """The button that makes new codes, and the set whose place they take."""

    sheet = forms.IntegerField(min_value=0)

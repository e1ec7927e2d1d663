"""Forms of the recovery codes."""

from django import forms
from django.utils.translation import gettext_lazy

from mfa_recovery import codes
from sign_in.methods.forms import SecretCodeForm


class RecoveryCodeForm(SecretCodeForm):
    """The form for one recovery code. `code` is cleaned to 15 characters."""

    label = gettext_lazy("Recovery code")
    hint = gettext_lazy("15 letters and digits, from the list that you saved or printed")
    empty = gettext_lazy("Enter a recovery code")
    malformed = gettext_lazy("A recovery code has 15 characters, and never the letters I and O or the digits 1 and 0")
    read = staticmethod(codes.parse_recovery_code)


class MakeForm(forms.Form):
    """The form that makes new codes. `sheet` is the number of the set that they replace."""

    sheet = forms.IntegerField(min_value=0)

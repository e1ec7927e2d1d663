"""The form of the demo's page for single-use codes."""

from django import forms
from django.utils.translation import gettext_lazy

from common.forms import PortalForm


class StaticCodeForm(PortalForm):
    code = forms.CharField(
        label=gettext_lazy("Single-use code"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
        error_messages={"required": gettext_lazy("Enter the code")},
    )

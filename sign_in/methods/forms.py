"""The forms that the factors share: a code, and the name of a device."""

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common import typed_codes

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise
from common.forms import PortalForm

_NAME_LENGTH = 40  # characters of a device's name: what fits a line on a phone, under the 64 of the column


class CodeForm(PortalForm):
    """Asks for a code of a second factor; cleans to six digits. What was typed is never put back into the page.

    Each factor derives its own, with the field's `label` and what is said where it is `empty`.
    """

    described_by: tuple[str, ...] = ("notices",)
    label: "StrOrPromise"
    empty: "StrOrPromise"

    code = forms.CharField(
        required=False,
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "code",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = self.label

    def __getitem__(self, name: str) -> forms.BoundField:
        """Return the field without its value."""
        field = super().__getitem__(name)
        field.value = lambda: ""  # type: ignore[method-assign]
        return field

    def clean_code(self) -> str:
        """Return six digits, or say that there are none, or not six."""
        typed = self.cleaned_data["code"]
        if not typed:
            raise forms.ValidationError(self.empty, code="empty")
        code = typed_codes.parse_code(typed)
        if code is None:
            raise forms.ValidationError(_("The code must have 6 digits"), code="length")
        return code


class SecretCodeForm(PortalForm):
    """Asks for a code of letters and digits; cleans to its characters. What was typed is never put back into the page.

    Each factor derives its own: `label` and `hint` of the field, what is said where it is `empty` or `malformed`, and
    `read`, which finds the code in what was typed.
    """

    label: "StrOrPromise"
    hint: "StrOrPromise"
    empty: "StrOrPromise"
    malformed: "StrOrPromise"
    read: Callable[[str], str | None]

    code = forms.CharField(
        required=False,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "autofocus": True}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = self.label
        self.fields["code"].help_text = self.hint

    def __getitem__(self, name: str) -> forms.BoundField:
        """Return the field without its value."""
        field = super().__getitem__(name)
        field.value = lambda: ""  # type: ignore[method-assign]
        return field

    def clean_code(self) -> str:
        """Return the code, or say that there is none, or what one looks like."""
        typed = self.cleaned_data["code"]
        if not typed:
            raise forms.ValidationError(self.empty, code="empty")
        code = self.read(typed)
        if code is None:
            raise forms.ValidationError(self.malformed, code="malformed")
        return code


class DeviceNameForm(PortalForm):
    """Asks what the owner calls a device; may be empty."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("For example “My work phone”."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

    def clean_name(self) -> str:
        """Return the name, or say that it is too long."""
        typed = (" " if unicodedata.category(each) == "Cc" else each for each in str(self.cleaned_data["name"]))
        # Without what is not seen: marks that turn the direction of a text would turn the words around it too.
        name = " ".join("".join(each for each in typed if unicodedata.category(each) != "Cf").split())
        if len(name) > _NAME_LENGTH:
            raise forms.ValidationError(
                ngettext(
                    "The name can have at most %(count)d character",
                    "The name can have at most %(count)d characters",
                    _NAME_LENGTH,
                )
                % {"count": _NAME_LENGTH},
                code="length",
            )
        return name

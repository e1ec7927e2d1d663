"""Forms that methods share: a code, and the name of a device."""

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

_NAME_LENGTH = 40  # characters of a device's name: fits on one line of a phone, and in the column of 64


class CodeForm(PortalForm):
    """Asks for a code. Cleans to six digits. The page never shows a typed code again.

    Each method derives its own form, with the field's `label` and the error text `empty`.
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
        """Return six digits. Raises a ValidationError if the field is empty or the code does not have six digits."""
        typed = self.cleaned_data["code"]
        if not typed:
            raise forms.ValidationError(self.empty, code="empty")
        code = typed_codes.parse_code(typed)
        if code is None:
            raise forms.ValidationError(_("The code must have 6 digits"), code="length")
        return code


class SecretCodeForm(PortalForm):
    """Asks for a code of letters and digits. Cleans to its characters. The page never shows a typed code again.

    Each method derives its own form: `label` and `hint` of the field, the error texts `empty` and `malformed`, and
    `read`. `read` returns the code in the typed text, or None if it is malformed.
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
        """Return the code. Raises a ValidationError if the field is empty or the code is malformed."""
        typed = self.cleaned_data["code"]
        if not typed:
            raise forms.ValidationError(self.empty, code="empty")
        code = self.read(typed)
        if code is None:
            raise forms.ValidationError(self.malformed, code="malformed")
        return code


class DeviceNameForm(PortalForm):
    """Asks for the owner's name for a device. May be empty."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        help_text=gettext_lazy("For example “My work phone”."),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autofocus": True}),
    )

    def clean_name(self) -> str:
        """Return the name with single spaces, without control and format characters.

        Raises a ValidationError if the name is too long.
        """
        typed = (" " if unicodedata.category(each) == "Cc" else each for each in str(self.cleaned_data["name"]))
        # Remove invisible characters. Marks that change the text direction would also affect the surrounding text.
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

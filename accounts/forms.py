"""What input the sign-in and password pages take."""

import unicodedata
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import typed_codes
from accounts.account_names import AccountName, NameFault, NotAnAccountName, contains_cpr, parse

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_NAME_LENGTH = 40  # characters of a device's name: what fits a line on a phone, under the 64 of the column


class PortalBoundField(forms.BoundField):
    """A field whose error is read out before its hint."""

    @property
    def aria_describedby(self) -> str | None:
        """Return the ids of error, hint, and what the form says belongs to its field, in that order."""
        ids = [f"{self.auto_id}_error"] if self.errors else []
        ids += [f"{self.auto_id}_helptext"] if self.help_text else []
        return " ".join([*ids, *getattr(self.form, "described_by", ())])


class PortalForm(forms.Form):
    """A form that leaves all judging to the server (`novalidate`, no `required`, no `maxlength`)."""

    use_required_attribute = False
    bound_field_class = PortalBoundField


def _name_hint() -> str:
    return _("For example abc123@%(student)s (student) or abc123@%(employee)s (employee)") % {
        "student": settings.STUDENT_DOMAIN,
        "employee": settings.EMPLOYEE_DOMAIN,
    }


class AccountNameField(forms.CharField):
    """An account name with its domain; cleans to `AccountName`."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("UCPH username"),
            help_text=lazy(_name_hint, str)(),
            required=False,
            widget=forms.TextInput(
                attrs={
                    "autocomplete": "username",
                    "autocapitalize": "none",
                    "spellcheck": "false",
                    "inputmode": "email",
                    "autofocus": True,
                }
            ),
        )

    def clean(self, value: Any) -> AccountName:
        """Return the account name, or say what is missing."""
        try:
            return parse(super().clean(value) or "")
        except NotAnAccountName as error:
            raise forms.ValidationError(self._explain(error.reason), code=error.reason.value) from None

    @staticmethod
    def _explain(fault: NameFault) -> str:
        domains = {"student": settings.STUDENT_DOMAIN, "employee": settings.EMPLOYEE_DOMAIN}
        match fault:
            case NameFault.EMPTY:
                return _("Enter your UCPH username")
            case NameFault.NO_DOMAIN:
                return _("Write @%(student)s (student) or @%(employee)s (employee) after your username") % domains
            case NameFault.FOREIGN_DOMAIN:
                return _("You cannot log in with a private mail address")
            case NameFault.CPR:
                return _("Do not enter your CPR number")
            case NameFault.MALFORMED:
                return _("Check your username. It looks like abc123@%(student)s") % domains


class AccountNameForm(PortalForm):
    """Asks who it is. A CPR number that was typed is not shown again."""

    account_name = AccountNameField()

    def __getitem__(self, name: str) -> forms.BoundField:
        """Return the field, without its value where that holds a CPR number.

        SECURITY: a CPR number is never echoed, neither after an error nor after a switch of language.
        """
        field = super().__getitem__(name)
        if contains_cpr(str(field.value() or "")):
            field.value = lambda: ""  # type: ignore[method-assign]
        return field


class PasswordForm(PortalForm):
    """Asks for the password; it is never put back into the page."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": gettext_lazy("Enter your password")},
    )


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
        code = typed_codes.read(typed)
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


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """Asks twice for a new password."""

    use_required_attribute = False
    bound_field_class = PortalBoundField
    error_messages = {"password_mismatch": gettext_lazy("The two passwords are not the same")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first, second = self.fields["new_password1"], self.fields["new_password2"]
        first.error_messages["required"] = _("Enter a new password")
        second.label = _("Repeat the new password")
        second.error_messages["required"] = _("Repeat the new password")
        second.help_text = ""

"""Forms of the sign-in and password pages."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.forms import SetPasswordForm
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.account_names import AccountName, NameFault, NotAnAccountName, contains_cpr, parse_account_name
from common.forms import PortalBoundField, PortalForm

if TYPE_CHECKING:
    pass


def _name_hint() -> str:
    return _("For example abc123@%(student)s (student) or abc123@%(employee)s (employee)") % {
        "student": settings.STUDENT_DOMAIN,
        "employee": settings.EMPLOYEE_DOMAIN,
    }


class AccountNameField(forms.CharField):
    """An account name with its domain. Cleans to `AccountName`."""

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
        """Return the account name. Raises a ValidationError that says what is missing."""
        try:
            return parse_account_name(super().clean(value) or "")
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
                return (
                    _(
                        "You cannot log in with a personal email address. Your username ends in @%(student)s (student) "
                        "or @%(employee)s (employee)"
                    )
                    % domains
                )
            case NameFault.CPR:
                return _("Do not enter your CPR number")
            case NameFault.MALFORMED:
                return _("Check your username. It should look like abc123@%(student)s") % domains


class AccountNameForm(PortalForm):
    """Asks for the account name. Does not show a typed CPR number again."""

    account_name = AccountNameField()

    def __getitem__(self, name: str) -> forms.BoundField:
        """Return the field, without its value if that contains a CPR number.

        SECURITY: a CPR number is never echoed, neither after an error nor after a language switch.
        """
        field = super().__getitem__(name)
        if contains_cpr(str(field.value() or "")):
            field.value = lambda: ""  # type: ignore[method-assign]
        return field


class PasswordForm(PortalForm):
    """Asks for the password. The page never shows a typed password again."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
        error_messages={"required": gettext_lazy("Enter your password")},
    )


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]
    """Asks for the new password twice."""

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

    def clean_new_password1(self) -> str:
        """Return the password. Raises a ValidationError if a password that must be renewed is chosen again."""
        password = str(self.cleaned_data["new_password1"])
        if self.user.must_renew_since is not None and self.user.check_password(password):
            raise forms.ValidationError(_("Choose a password that is not your present one"), code="password_unchanged")
        return password

"""Forms for administrators of Entra tenants."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from sso.entra import pilots
from sso.models import Tenant

if TYPE_CHECKING:
    _Form = forms.ModelForm[Tenant]
else:
    _Form = forms.ModelForm

_SHOWN_LINES = 20


class TenantForm(_Form):
    class Meta:
        model = Tenant
        fields = (
            *("name", "tenant_id", "client_id", "app_id", "metadata_url"),
            *("students", "employees", "is_pilot", "is_enabled"),
        )
        help_texts = {
            "client_id": gettext_lazy("What the external method has as its client ID in Entra."),
            "app_id": gettext_lazy("The application (client) ID of the app registration in Entra."),
            "metadata_url": gettext_lazy(
                "https://login.microsoftonline.com/ with the tenant id and /v2.0/.well-known/openid-configuration"
            ),
            "is_pilot": gettext_lazy("While this is on, only the pilot group can log in this way."),
        }

    def clean_metadata_url(self) -> str:
        """Return the URL, which must be HTTPS in production.

        SECURITY: over HTTP, an attacker on the network could replace the keys.
        """
        url: str = self.cleaned_data["metadata_url"]
        if urlsplit(url).scheme != "https" and not settings.DEBUG:
            raise ValidationError(_("The address must begin with https://."))
        return url


class PilotForm(forms.Form):
    """A list of names, pasted or as a file. If a line names no account, the form changes nothing."""

    names = forms.CharField(
        label=gettext_lazy("Usernames"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("One username or account name per line."),
    )
    file = forms.FileField(label=gettext_lazy("Or a text file with them"), required=False)
    act = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[("add", gettext_lazy("Add to the group")), ("remove", gettext_lazy("Take out of the group"))],
        initial="add",
    )

    def clean(self) -> dict[str, Any]:
        """Return the input, with the accounts that it names as `accounts`."""
        cleaned = super().clean() or {}
        upload = cleaned.get("file")
        if upload is not None and upload.size > settings.ENTRA_PILOT_BYTES:
            raise ValidationError(_("The file is too large."))
        try:
            text = upload.read().decode("utf-8-sig") if upload is not None else cleaned.get("names", "")
            accounts = pilots.accounts_of(text)
        except UnicodeDecodeError:
            raise ValidationError(_("The file is not plain text (UTF-8).")) from None
        except pilots.UnknownNames as unknown:
            raise ValidationError(_unknown(unknown.lines)) from None
        if not accounts:
            raise ValidationError(_("Enter at least one username."))
        return {**cleaned, "accounts": accounts}


def _unknown(lines: list[int]) -> list[str]:
    """Return a sentence for each line. It does not quote the line, which may contain a CPR number."""
    said = [_("Line %(line)d: there is no account of that name.") % {"line": line} for line in lines[:_SHOWN_LINES]]
    more = len(lines) - len(said)
    if more:
        text = ngettext("And %(count)d more line.", "And %(count)d more lines.", more)
        said.append(text % {"count": more})
    return said

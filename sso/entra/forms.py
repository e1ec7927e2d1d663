"""What administrators enter about a tenant."""

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
    """One tenant."""

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
        """Return the address. SECURITY: whose keys are read over http, anybody on the way could be."""
        url: str = self.cleaned_data["metadata_url"]
        if urlsplit(url).scheme != "https" and not settings.DEBUG:
            raise ValidationError(_("The address must begin with https://."))
        return url


class PilotForm(forms.Form):
    """Names, pasted or as a file. Where a line names nobody, nothing is changed."""

    names = forms.CharField(
        label=gettext_lazy("Usernames"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=gettext_lazy("One username or account name a line."),
    )
    file = forms.FileField(label=gettext_lazy("Or a text file with them"), required=False)
    act = forms.ChoiceField(
        label=gettext_lazy("What to do"),
        choices=[("add", gettext_lazy("Add to the group")), ("remove", gettext_lazy("Take out of the group"))],
        initial="add",
    )

    def clean(self) -> dict[str, Any]:
        """Return what was entered, with the accounts that it names."""
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
    """Return a sentence for each line, without what it says: it may be a CPR number."""
    said = [_("Line %(line)d: there is no account of that name.") % {"line": line} for line in lines[:_SHOWN_LINES]]
    more = len(lines) - len(said)
    if more:
        text = ngettext("And %(count)d more line.", "And %(count)d more lines.", more)
        said.append(text % {"count": more})
    return said

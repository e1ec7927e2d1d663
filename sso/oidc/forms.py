"""The form of a service in the admin."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

from sso.models import Client

if TYPE_CHECKING:
    _Form = forms.ModelForm[Client]
else:
    _Form = forms.ModelForm

FIELDS = (
    *("name_da", "name_en", "kind", "owner_name", "owner_email", "students", "employees"),
    *("redirect_uris", "post_logout_redirect_uris", "backchannel_logout_uri", "initiate_login_uri"),
    *("sufficient", "max_sign_in_age", "accepts_remembered", "asks_consent", "is_pairwise"),
    *("pkce_exempt", "is_resource_server", "resource_servers", "is_enabled"),
)


class ClientForm(_Form):
    """The form of one service, with one address per line."""

    class Meta:
        model = Client
        fields = FIELDS
        labels = {
            "redirect_uris": _("Addresses after logging in"),
            "post_logout_redirect_uris": _("Addresses after logging out"),
        }
        help_texts = {
            "redirect_uris": _("One address per line. Must match exactly."),
            "post_logout_redirect_uris": _("One address per line. Must match exactly."),
            "accepts_remembered": _("If off, people with a remembered login confirm who they are once a day."),
            "pkce_exempt": _("Only for a service that cannot do PKCE. It must have a secret and send a nonce."),
            "is_pairwise": _("No other service then knows a person by the same number."),
            "is_resource_server": _("For a server that other services hand their tokens to, such as a mail server."),
            "resource_servers": _("The servers that accept this service’s tokens."),
            "initiate_login_uri": _("A page of the service where a login begins, to try it."),
        }

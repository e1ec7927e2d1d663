"""The helpdesk action that removes the link of an account to an Entra user."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk.forms import ActionForm
from helpdesk.registry import ActionRefused, ActionResult, HelpdeskAction, register
from sessions import registry as sessions
from sign_in.methods import Option
from sso.models import EntraAttempt, TenantLink
from sso.permissions import REMOVE_ENTRA_LINK


class EntraLinkForm(ActionForm):
    """The form of the action. `link` is cleaned to the id of a link of the account."""

    link = forms.TypedChoiceField(
        label=gettext_lazy("Link"), coerce=int, error_messages={"required": gettext_lazy("Choose a link.")}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        links = TenantLink.objects.filter(account=self.account).select_related("tenant")
        choices = [(link.pk, f"{link.tenant.name} · {link.object_id}") for link in links]
        cast(forms.TypedChoiceField, self.fields["link"]).choices = choices


class RemoveEntraLink(HelpdeskAction):
    """Removes the link of an account to a user of a tenant, for example a user that was deleted and created again."""

    slug = "remove-entra-link"
    verb = gettext_lazy("Remove the link to Microsoft 365")
    effect = gettext_lazy(
        "The account is no longer linked to the user in Microsoft 365, and is logged out everywhere. "
        "The next login there links the account to the user who then has its name."
    )
    seen = gettext_lazy("The student must log in again, everywhere.")
    attacker = gettext_lazy(
        "Any user who then has the name in Microsoft 365 is linked to the account at the next login. A method of the "
        "account is needed for that."
    )
    told = gettext_lazy("IT Support has removed the link between your account and Microsoft 365.")
    permission = REMOVE_ENTRA_LINK
    form = EntraLinkForm
    needs_approval = True

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Delete the link, and end all sessions, pending sign-ins and open attempts of the account."""
        link = (
            TenantLink.objects.select_related("tenant").filter(account=account, pk=cast(int, cleaned["link"])).first()
        )
        if link is None:
            raise ActionRefused(_("The link is no longer there."))
        detail = f"{link.tenant.name} {link.object_id}"
        EntraAttempt.objects.filter(account=account, tenant=link.tenant, answered_at=None).update(
            expires_at=timezone.now()
        )
        link.delete()
        sessions.end_all(account)
        return ActionResult(_("The link has been removed."), detail=detail)

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        return TenantLink.objects.filter(account=account).exists()


def register_all() -> None:
    register(RemoveEntraLink())

"""Issuing of access passes by agents.

A new pass replaces the earlier one. Its code is shown once, and only its hash is stored.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from accounts.models import Account
from common.client_info import ClientInfo
from common.clock import day_and_clock
from helpdesk.registry import ActionRefused, ActionResult, HelpdeskAction
from mfa_pass import codes, permissions
from mfa_pass.forms import IssueForm, words_of
from mfa_pass.method import METHOD
from mfa_pass.models import AccessPass
from sign_in.methods import Option


@sensitive_variables("code")
def issue(agent: Account, account: Account, life: timedelta, single_use: bool) -> tuple[AccessPass, str]:
    """Replace the account's access pass. Return the new one and its code, for example "K7F3-92QM".

    Must run in the transaction of the helpdesk action, which has locked the account. Raises `ValueError` if `life` is
    outside the limits.
    """
    if not settings.ACCESS_PASS_SHORTEST <= life <= settings.ACCESS_PASS_LONGEST:
        raise ValueError(f"No access pass lives for {life}.")
    code = codes.new_code()
    AccessPass.objects.filter(user=account).delete()
    given = AccessPass(user=account, created_by=agent, digest=codes.hash_secret_code(code), single_use=single_use)
    given.expires_at = given.created_at + life
    given.save()
    return given, code


class IssueAccessPass(HelpdeskAction):
    """The helpdesk action that issues an access pass."""

    slug = "access-pass"
    verb = gettext_lazy("Give an access pass")
    effect = gettext_lazy(
        "You get a code to read out or hand over. With it and the password, the owner logs in until it expires. "
        "An earlier access pass stops working."
    )
    seen = gettext_lazy("The student enters the password and the access pass, and then sets up a login method.")
    told = gettext_lazy(
        "IT Support has given you an access pass. With it and your password you can log in for a short time, "
        "and set up a login method."
    )
    permission = permissions.ISSUE_ACCESS_PASS
    form = IssueForm
    needs_approval = True

    @sensitive_variables("code")
    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Issue the pass and return its code as the `secret` of the result.

        Raises `ActionRefused` if the account may not use an access pass.
        """
        if not METHOD.allows(account):
            raise ActionRefused(_("This account may not use an access pass."))
        life, single_use = cast(timedelta, cleaned["life"]), not cleaned["more_than_once"]
        given, code = issue(agent, account, life, single_use)
        text = _("It works once, until %(time)s.") if single_use else _("It works more than once, until %(time)s.")
        return ActionResult(
            text % {"time": day_and_clock(given.expires_at)},
            secret=code,
            detail=f"{words_of(life)}, {METHOD.details(given)}",
            device=given,
        )

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Return whether the account may use an access pass."""
        return METHOD.allows(account)

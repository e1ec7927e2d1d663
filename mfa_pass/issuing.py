"""Issuing of access passes by agents, alone or with a reset of all login methods.

A new pass replaces the earlier one. Its code is shown once, and only its hash is stored.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_variables

from accounts import states
from accounts.models import Account
from common.client_info import ClientInfo
from common.clock import day_and_clock
from helpdesk import cases
from helpdesk.permissions import RESET_ACCOUNT
from helpdesk.registry import ActionRefused, ActionResult, HelpdeskAction
from limits import counting
from mfa_pass import codes, permissions
from mfa_pass.forms import IssueForm, words_of
from mfa_pass.method import METHOD
from mfa_pass.models import AccessPass
from sessions import registry as sessions
from sign_in.methods import Option, device_rows


@sensitive_variables("code")
def issue(agent: Account, account: Account, life: timedelta, single_use: bool) -> tuple[AccessPass, str]:
    """Replace the account's access pass. Return the new one and its code, for example "K7F3-92QM".

    Everything that the earlier pass opened ends.

    Must run in the transaction of the helpdesk action, which has locked the account. Raises `ValueError` if `life` is
    outside the limits.
    """
    if not settings.ACCESS_PASS_SHORTEST <= life <= settings.ACCESS_PASS_LONGEST:
        raise ValueError(f"No access pass lives for {life}.")
    code = codes.new_code()
    for old in AccessPass.objects.filter(user=account):
        device_rows.delete(old)
    given = AccessPass(user=account, created_by=agent, digest=codes.hash_secret_code(code), single_use=single_use)
    given.expires_at = given.created_at + life
    given.save()
    return given, code


class IssueAccessPass(HelpdeskAction):
    """The helpdesk action that issues an access pass."""

    slug = "access-pass"
    place = 20
    verb = gettext_lazy("Give an access pass")
    effect = gettext_lazy(
        "You get a code to read out or hand over. With the code and their password, the user can log in until it "
        "expires. An earlier access pass stops working."
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
        return _issued(agent, account, cast(timedelta, cleaned["life"]), not cleaned["more_than_once"])

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Return whether the account may use an access pass."""
        return METHOD.allows(account)


class Reset(HelpdeskAction):
    """Removes every device of the account and issues an access pass.

    The two are one action. Otherwise the account would be left without a way to sign in, or a password alone would have
    to open enrollment.
    """

    slug = "reset"
    place = 30
    verb = gettext_lazy("Reset all login methods")
    effect = gettext_lazy(
        "All login methods, recovery codes and open codes are deleted, and all sessions end. You get an access pass to "
        "read out or hand over."
    )
    seen = gettext_lazy("The student enters the password and the access pass, and then sets up a login method.")
    told = gettext_lazy(
        "IT Support has reset all your login methods and given you an access pass. With it and your password you can "
        "log in for a short time, and set up a login method."
    )
    permission = RESET_ACCOUNT
    needs_approval = True

    @sensitive_variables("done")
    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Delete the devices, end the sessions, lift all limits, close the cases of locks, and issue a pass."""
        removed = device_rows.delete_all(account.pk)
        sessions.end_all(account)
        counting.lift(account.pk)
        cases.close_locked(agent, account, client)
        done = _issued(agent, account, settings.ACCESS_PASS_LIFE, single_use=True)
        return replace(done, detail=", ".join([*removed, done.detail]))

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Return whether the account may use an access pass."""
        return METHOD.allows(account)


@sensitive_variables("code")
def _issued(agent: Account, account: Account, life: timedelta, single_use: bool) -> ActionResult:
    """Issue a pass and return its code as the `secret` of the result. Raises `ActionRefused` if it is of no use."""
    if not METHOD.allows(account):
        raise ActionRefused(_("This account may not use an access pass."))
    if states.is_blocked(account):
        raise ActionRefused(_("The account is blocked. Lift the block first."))
    given, code = issue(agent, account, life, single_use)
    text = _("It works once, until %(time)s.") if single_use else _("It works more than once, until %(time)s.")
    return ActionResult(
        text % {"time": day_and_clock(given.expires_at)},
        secret=code,
        detail=f"{words_of(life)}, {METHOD.details(given)}",
        device=given,
    )

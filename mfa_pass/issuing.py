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
from common.clock import clock, day_and_clock
from helpdesk import cases
from helpdesk.permissions import RESET_ACCOUNT
from helpdesk.registry import ActionRefused, ActionResult, HelpdeskAction
from limits import counting
from mfa_pass import codes, permissions
from mfa_pass.forms import IssueForm, PassForm, describe_pass, valid_pass, words_of
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
        "expires."
    )
    seen = gettext_lazy("The student enters the password and the access pass, and then sets up a login method.")
    attacker = gettext_lazy(
        "Anyone who has the password and hears the code can log in and set up a method of their own. Read it out only "
        "to the person whose identity you have checked."
    )
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
        return _issued(agent, account, cast(timedelta, cleaned["life"]), not cleaned["more_than_once"], cleaned)

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Return whether the account may use an access pass."""
        return METHOD.allows(account)

    def remarks(self, account: Account) -> list[str]:
        """Say that a password must be renewed first."""
        return _password_remarks(account)


class Reset(HelpdeskAction):
    """Removes every device of the account and issues an access pass.

    The two are one action. Otherwise the account would be left without a way to sign in, or a password alone would have
    to open enrollment.
    """

    slug = "reset"
    place = 30
    verb = gettext_lazy("Lost phone: reset everything and give an access pass")
    effect = gettext_lazy(
        "All login methods, recovery codes and open codes are deleted, and all sessions end. You get an access pass to "
        "read out or hand over."
    )
    seen = gettext_lazy("The student enters the password and the access pass, and then sets up a login method.")
    attacker = gettext_lazy(
        "The password alone opens nothing after the reset: the access pass is needed too. Anyone who has both can log "
        "in, so read the code out only to the person whose identity you have checked."
    )
    told = gettext_lazy(
        "IT Support has reset all your login methods and given you an access pass. With it and your password you can "
        "log in for a short time, and set up a login method."
    )
    permission = RESET_ACCOUNT
    form = PassForm
    needs_approval = True

    @sensitive_variables("done")
    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Delete the devices, end the sessions, lift all limits, close the cases of locks, and issue a pass."""
        earlier = _admit_replacement(account, cleaned)
        removed = device_rows.delete_all(account.pk)
        sessions.end_all(account)
        counting.lift(account.pk)
        cases.close_locked(agent, account, client)
        done = _issued(agent, account, settings.ACCESS_PASS_LIFE, True, cleaned)
        said = " ".join(filter(None, (done.said, earlier)))
        return replace(done, said=said, detail=", ".join([*removed, done.detail]))

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Return whether the account may use an access pass."""
        return METHOD.allows(account)

    def remarks(self, account: Account) -> list[str]:
        """Say that a password must be renewed first."""
        return _password_remarks(account)


def _password_remarks(account: Account) -> list[str]:
    """Return the sentence that the password must be renewed before the pass can be used, if so."""
    if account.must_renew_since is None:
        return []
    if account.reported_at is not None:
        return [
            _(
                "The user has reported misuse. The password from before the report no longer works, no matter who "
                "knows it. The user must choose a new one with the link that we email, and can then use the access "
                "pass."
            )
        ]
    return [_("The user must choose a new password with the link that we email, and can then use the access pass.")]


def _admit_replacement(account: Account, cleaned: Mapping[str, object]) -> str:
    """Return the sentence that the earlier pass has ended, or "". Raise `ActionRefused` if its end was not confirmed.

    An agent may have issued the pass after this form was shown.
    """
    earlier = valid_pass(account)
    if earlier is None:
        return ""
    if not cleaned.get("replaces"):
        raise ActionRefused(describe_pass(earlier))
    text = _("The access pass that %(agent)s gave at %(time)s no longer works.")
    return text % {"agent": earlier.created_by.get_full_name(), "time": clock(earlier.created_at)}


@sensitive_variables("code")
def _issued(
    agent: Account, account: Account, life: timedelta, single_use: bool, cleaned: Mapping[str, object]
) -> ActionResult:
    """Issue a pass and return its code as the `secret` of the result. Raises `ActionRefused` if it would be useless."""
    if not METHOD.allows(account):
        raise ActionRefused(_("This account may not use an access pass."))
    if states.is_blocked(account):
        raise ActionRefused(_("The account is blocked. Lift the block first."))
    ended = _admit_replacement(account, cleaned)
    given, code = issue(agent, account, life, single_use)
    text = _("It works once, until %(time)s.") if single_use else _("It works more than once, until %(time)s.")
    return ActionResult(
        " ".join(filter(None, (text % {"time": day_and_clock(given.expires_at)}, ended, *_password_remarks(account)))),
        secret=code,
        detail=f"{words_of(life)}, {METHOD.details(given)}",
        device=given,
    )

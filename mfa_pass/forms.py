"""Forms of the access pass: for its owner, and for the agent who issues it."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import Account
from common.clock import ago, clock
from helpdesk.forms import ActionForm
from mfa_pass import codes
from mfa_pass.models import AccessPass
from sign_in.methods.forms import SecretCodeForm

_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_LIVES = (10 * _MINUTE, _HOUR, 4 * _HOUR, 8 * _HOUR)


class AccessPassForm(SecretCodeForm):
    """The form for the code of a pass. `code` is cleaned to 8 characters."""

    label = gettext_lazy("Access pass")
    hint = gettext_lazy("8 letters and digits, from IT Support")
    empty = gettext_lazy("Enter your access pass")
    malformed = gettext_lazy("An access pass has 8 characters, and never the letters I and O or the digits 1 and 0")
    read = staticmethod(codes.parse_access_pass)


def valid_pass(account: Account) -> AccessPass | None:
    """Return the pass of the account that somebody can still use, or None."""
    issued = AccessPass.objects.select_related("created_by").filter(user=account).first()
    return issued if issued is not None and issued.is_alive and not issued.is_disabled else None


def describe_pass(issued: AccessPass) -> str:
    """Return who issued a pass, when, and until when it works."""
    # Translators: %(when)s is "today at 14:05 (2 min. ago)", %(agent)s is a name, %(until)s is "15:05".
    text = _("%(agent)s gave an access pass %(when)s. It works until %(until)s.")
    who = issued.created_by.get_full_name()
    return text % {"agent": who, "when": ago(issued.created_at), "until": clock(issued.expires_at)}


class PassForm(ActionForm):
    """The form of an action that issues a pass. A tick is needed if it ends a pass that still works."""

    replaces = forms.BooleanField(
        label=gettext_lazy("I know that the earlier access pass stops working"),
        error_messages={"required": gettext_lazy("Tick the box to end the earlier access pass.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        earlier = valid_pass(self.account)
        if earlier is None:
            del self.fields["replaces"]
        else:
            self.fields["replaces"].help_text = describe_pass(earlier)


class IssueForm(PassForm):
    """The form for a new pass: its life, and whether it works once. `life` is cleaned to a `timedelta`."""

    life = forms.TypedChoiceField(
        label=gettext_lazy("How long it works"), coerce=lambda minutes: timedelta(minutes=int(minutes))
    )
    more_than_once = forms.BooleanField(label=gettext_lazy("It may be used more than once until then"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        shortest, longest = settings.ACCESS_PASS_SHORTEST, settings.ACCESS_PASS_LONGEST
        life = cast(forms.TypedChoiceField, self.fields["life"])
        life.choices = [(one // _MINUTE, words_of(one)) for one in _LIVES if shortest <= one <= longest]
        life.initial = settings.ACCESS_PASS_LIFE // _MINUTE


def words_of(life: timedelta) -> str:
    """Return the life of a pass in words: in whole hours if possible, otherwise in minutes."""
    hours, minutes = life // _HOUR, life // _MINUTE
    if life == hours * _HOUR:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}

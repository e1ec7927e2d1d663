"""Forms of the access pass: for its owner, and for the agent who issues it."""

from datetime import timedelta
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy, ngettext

from helpdesk.forms import ActionForm
from mfa_pass import codes
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


class IssueForm(ActionForm):
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

"""What agents say with each act: how identity was proven, for which case, and why."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.account_names import contains_cpr
from accounts.models import Account, Proof

_CASE_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/#-]{2,31}")
_CODE = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}(?!\d)")
_NOTE_LENGTH = 500


class ActForm(forms.Form):
    """Proof, case number and note; acts add their own fields. A note takes no CPR number and no code."""

    use_required_attribute = False

    proof = forms.ChoiceField(
        label=gettext_lazy("How was the identity proven?"),
        choices=[("", "---------"), *Proof.choices],
        error_messages={"required": gettext_lazy("Say how you made sure who it is.")},
    )
    case_number = forms.CharField(
        label=gettext_lazy("Case number"),
        max_length=32,
        error_messages={"required": gettext_lazy("Enter the case number.")},
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=_NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Never write a CPR number, a code or a password here."),
    )

    def __init__(self, *args: Any, account: Account, proves: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        if not proves:
            del self.fields["proof"]
        own = [name for name in self.fields if name not in ActForm.base_fields]
        self.order_fields([*own, *self.fields])

    def clean_case_number(self) -> str:
        """Return the number, or say that it is none."""
        number = str(self.cleaned_data["case_number"]).strip()
        if contains_cpr(number) or not _CASE_NUMBER.fullmatch(number):
            raise forms.ValidationError(_("That is not a case number."))
        return number

    def clean_note(self) -> str:
        """Return the note, or say what must not stand in it."""
        note = str(self.cleaned_data["note"]).strip()
        if contains_cpr(note):
            raise forms.ValidationError(_("Do not write a CPR number in the note."))
        if _CODE.search(note):
            raise forms.ValidationError(_("Do not write a code in the note."))
        return note

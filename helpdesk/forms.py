"""The fields that agents fill in for each action: proof of identity, case number and note."""

import re
import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.account_names import contains_cpr
from accounts.models import Account
from common.secret_codes import ALPHABET
from helpdesk.models import IdentityProof

_CASE_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._/#-]{2,31}")
# Six digits, with or without separators, and not part of a longer number.
_CODE = re.compile(r"(?<!\d)(?<!\d[ .-])\d(?:[ .-]?\d){5}(?![ .-]?\d)")
_PHONE = re.compile(r"(?<!\d)(?:\+\d[\d .-]{7,}|\d{8}|\d\d(?:[ .]\d\d){3})(?!\d)")
# An access pass or a recovery code, as displayed.
_SECRET = re.compile(rf"\b[{ALPHABET}]{{4,5}}(?:[ -][{ALPHABET}]{{4,5}}){{1,2}}\b")
_SPACES = re.compile(r"\s+")
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_NOTE_LENGTH = 500


class NoteForm(forms.Form):
    """A note. Rejects CPR numbers, codes and phone numbers."""

    use_required_attribute = False

    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=_NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("Never enter a CPR number, a code or a password here."),
    )

    def clean_note(self) -> str:
        """Return the note. Raise `ValidationError` if it has forbidden content."""
        note = str(self.cleaned_data["note"]).strip()
        if contains_cpr(note):
            raise forms.ValidationError(_("Do not write a CPR number in the note."))
        if _CODE.search(_plain(note)):
            raise forms.ValidationError(_("Do not write a code in the note."))
        if _SECRET.search(_plain(note)):
            raise forms.ValidationError(_("Do not write a code in the note."))
        if _PHONE.search(_plain(note)):
            raise forms.ValidationError(_("Do not write a phone number in the note."))
        return note


def _plain(text: str) -> str:
    """Return the text with uniform digits, spaces and dashes, and without invisible characters."""
    visible = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text))
    return _DASHES.sub("-", _SPACES.sub(" ", visible))


class ActionForm(NoteForm):
    """Proof, case number and note. Actions add their own fields."""

    proof = forms.ChoiceField(
        label=gettext_lazy("How did you check the person’s identity?"),
        choices=[("", "---------"), *IdentityProof.choices],
        error_messages={"required": gettext_lazy("Say how you checked the person’s identity.")},
    )
    case_number = forms.CharField(
        label=gettext_lazy("Case number"),
        max_length=32,
        error_messages={"required": gettext_lazy("Enter the case number.")},
    )

    def __init__(self, *args: Any, account: Account, proves: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.account = account
        if not proves:
            del self.fields["proof"]
        own = [name for name in self.fields if name not in ActionForm.base_fields]
        self.order_fields([*own, "proof", "case_number", "note"])

    def clean_case_number(self) -> str:
        """Return the case number. Raise `ValidationError` if it is malformed.

        A CPR number, a code or a phone number is not accepted as a case number.
        """
        number = str(self.cleaned_data["case_number"]).strip()
        secret = _SECRET.search(_plain(number)) or (" " in number and _PHONE.search(number))
        if contains_cpr(number) or secret or not _CASE_NUMBER.fullmatch(number):
            raise forms.ValidationError(_("That is not a case number."))
        return number

"""The fields that agents fill in for each action: proof of identity, case number and note."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from helpdesk.models import Call, Document, IdentityProof
from helpdesk.note_checks import check_case_number, check_note

_NOTE_LENGTH = 500
_CHOOSABLE = [choice for choice in IdentityProof.choices if choice[0] != IdentityProof.CODE]
_WITH_DOCUMENT = (IdentityProof.IN_PERSON, IdentityProof.VIDEO)
_WITH_NUMBER = (*_WITH_DOCUMENT, IdentityProof.MITID)
_DOCUMENT_END = re.compile(r"[A-Za-z0-9]{4}")
_PROOF_FIELDS = ("proof", "document", "document_end")


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
        return check_note(str(self.cleaned_data["note"]).strip())


class ActionForm(NoteForm):
    """Proof, case number and note. Actions add their own fields.

    It does not ask for what the agent has entered for the `call`.
    """

    proof = forms.ChoiceField(
        label=gettext_lazy("How did you check the person’s identity?"),
        choices=[("", "---------"), *_CHOOSABLE],
        error_messages={"required": gettext_lazy("Say how you checked the person’s identity.")},
    )
    document = forms.ChoiceField(
        label=gettext_lazy("Which ID did you see?"),
        required=False,
        choices=[("", "---------"), *Document.choices],
        help_text=gettext_lazy("Only when you have seen the ID, in person or on video."),
    )
    document_end = forms.CharField(
        label=gettext_lazy("The last 4 characters of its number"),
        required=False,
        max_length=4,
        widget=forms.TextInput(attrs={"autocomplete": "off", "size": 4}),
        help_text=gettext_lazy("From the ID, or from the MitID confirmation. Never from the CPR number."),
    )
    case_number = forms.CharField(
        label=gettext_lazy("Case number"),
        max_length=32,
        error_messages={"required": gettext_lazy("Enter the case number.")},
    )

    def __init__(
        self, *args: Any, account: Account, proves: bool = True, cased: bool = True, call: Call | None = None, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.account, self.call = account, call
        dropped = [] if proves and not (call and call.proof) else [*_PROOF_FIELDS]
        dropped += [] if cased and not (call and call.case_number) else ["case_number"]
        for name in dropped:
            del self.fields[name]
        own = [name for name in self.fields if name not in ActionForm.base_fields]
        self.order_fields([*own, *_PROOF_FIELDS, "case_number", "note"])

    def clean_case_number(self) -> str:
        """Return the case number. Raise `ValidationError` if it is malformed."""
        return check_case_number(str(self.cleaned_data["case_number"]).strip())

    def clean(self) -> dict[str, Any]:
        """Return the cleaned data. An agent who has seen an ID must say which, so that a click alone is not enough."""
        cleaned = super().clean() or self.cleaned_data
        proof, end = cleaned.get("proof", ""), str(cleaned.get("document_end", ""))
        if proof in _WITH_DOCUMENT and not cleaned.get("document"):
            self.add_error("document", _("Say which ID you saw."))
        if proof in _WITH_NUMBER and not _DOCUMENT_END.fullmatch(end):
            self.add_error("document_end", _("Enter the last 4 letters or digits of the number."))
        if proof == IdentityProof.CALL_BACK and not (self.call and self.call.number_shown_at):
            self.add_error("proof", _("First let the page of the call show you the number, and then call it."))
        return cleaned

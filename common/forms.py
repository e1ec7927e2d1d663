"""The base of every form."""

from django import forms


class PortalBoundField(forms.BoundField):
    """A field whose error is read out before its hint."""

    @property
    def aria_describedby(self) -> str | None:
        """Return the ids of error, hint, and what the form says belongs to its field, in that order."""
        ids = [f"{self.auto_id}_error"] if self.errors else []
        ids += [f"{self.auto_id}_helptext"] if self.help_text else []
        return " ".join([*ids, *getattr(self.form, "described_by", ())])


class PortalForm(forms.Form):
    """A form that leaves all judging to the server (`novalidate`, no `required`, no `maxlength`)."""

    use_required_attribute = False
    bound_field_class = PortalBoundField

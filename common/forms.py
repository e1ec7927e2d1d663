"""The base class of the portal's forms."""

from django import forms


class PortalBoundField(forms.BoundField):
    """A bound field whose error is announced before its hint."""

    @property
    def aria_describedby(self) -> str | None:
        """Return the ids of the error, the hint and the form's `described_by` elements, in that order."""
        ids = [f"{self.auto_id}_error"] if self.errors else []
        ids += [f"{self.auto_id}_helptext"] if self.help_text else []
        return " ".join([*ids, *getattr(self.form, "described_by", ())])


class PortalForm(forms.Form):
    """A form that leaves validation to the server (`novalidate`, no `required`, no `maxlength`)."""

    use_required_attribute = False
    bound_field_class = PortalBoundField

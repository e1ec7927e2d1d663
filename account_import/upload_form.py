"""The upload form and its checks of the file as a whole."""

from typing import Any

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from account_import.rows import OPTIONAL, Column


class UploadForm(forms.Form):
    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": gettext_lazy("Choose a file."), "invalid": gettext_lazy("Choose a file.")},
    )
    deactivate_missing = forms.BooleanField(
        label=gettext_lazy("Deactivate accounts that are not in the file"),
        required=False,
        help_text=gettext_lazy("Staff accounts (those that can use the admin) stay active. You will see which ones."),
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "A CSV file in UTF-8, with commas or semicolons, of at most %(size)s. Its first line names the columns, in "
            "any order: %(columns)s. student and employee are ja or nej, yes or no, 1 or 0; language is da, en or "
            "empty."
        ) % {
            "size": filesizeformat(settings.IMPORT_FILE_MAX),
            "columns": ", ".join(column for column in Column if column not in OPTIONAL),
        }
        if too_large:
            # The upload handler discarded the file, so the field reports a missing file.
            words = _("The file is larger than %(size)s. Split it into several.")
            self.fields["file"].error_messages["required"] = words % {"size": filesizeformat(settings.IMPORT_FILE_MAX)}

    def clean_file(self) -> Any:
        """Reject empty files and binary files. Store the bytes in `cleaned_data["content"]`."""
        file = self.cleaned_data["file"]
        content = file.read()
        if not content.strip(b"\xef\xbb\xbf \t\r\n"):
            raise forms.ValidationError(_("The file is empty."))
        if b"\0" in content:
            raise forms.ValidationError(
                _("This is not a CSV file in UTF-8. In Excel, choose “Save as” and “CSV UTF-8”.")
            )
        self.cleaned_data["content"] = content
        return file

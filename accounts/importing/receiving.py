"""How a file comes in: on one page, up to a size; and what keeps a file that is none out."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.importing.rows import Column

_TOO_LARGE = "upload_too_large"


class OnePageAlone(FileUploadHandler):
    """Lets files through on the page that asks for one, and reads past all others.

    SECURITY: Django puts no limit to files, and any page, also without a sign-in, would write them to the disk.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self._taken = 0  # bytes, of all files of the request

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Skip the file where nobody asked for it."""
        super().new_file(*args, **kwargs)
        if self.request is None or self.request.path != reverse("admin:import_upload"):
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        """Pass on what comes, and stop keeping it where it is too much."""
        self._taken += len(raw_data)
        if self._taken > settings.IMPORT_FILE_MAX:
            setattr(self.request, _TOO_LARGE, True)
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


class UploadForm(forms.Form):
    """Takes a file of accounts."""

    use_required_attribute = False

    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": gettext_lazy("Choose a file."), "invalid": gettext_lazy("Choose a file.")},
    )
    deactivate_missing = forms.BooleanField(
        label=gettext_lazy("Deactivate who is not in the file"),
        required=False,
        help_text=gettext_lazy("Staff accounts, who may use the admin, stay active: you see which they are."),
    )

    def __init__(self, *args: Any, too_large: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "A CSV file in UTF-8, with commas or semicolons, of at most %(size)s. Its first line names the columns, in "
            "any order: %(columns)s. student and employee are ja or nej, yes or no, 1 or 0; language is da, en or "
            "empty."
        ) % {"size": filesizeformat(settings.IMPORT_FILE_MAX), "columns": ", ".join(Column)}
        if too_large:
            # It was not kept, so the field finds none.
            words = _("The file is larger than %(size)s. Split it into several.")
            self.fields["file"].error_messages["required"] = words % {"size": filesizeformat(settings.IMPORT_FILE_MAX)}

    def clean_file(self) -> Any:
        """Refuse what holds nothing, and what is no text."""
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


def was_too_large(request: Any) -> bool:
    """Whether the request brought a file that was too large to be kept."""
    return getattr(request, _TOO_LARGE, False)

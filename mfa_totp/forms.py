"""Forms of the authenticator app."""

from typing import Any

from django.utils.translation import gettext_lazy

from sign_in.methods import forms


class AppCodeForm(forms.CodeForm):
    """The form for a code of the app."""

    label = gettext_lazy("Code from the app")
    empty = gettext_lazy("Enter the code that the app shows")


class EnrollmentForm(AppCodeForm):
    """The form below the QR code. It has no autofocus, so that people read the page from its top."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]

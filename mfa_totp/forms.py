"""What input the pages of the authenticator app take."""

from typing import Any

from django.utils.translation import gettext_lazy

from sign_in.methods import forms


class AppCodeForm(forms.CodeForm):
    """Asks for the code that the app shows."""

    label = gettext_lazy("Code from the app")
    empty = gettext_lazy("Enter the code that the app shows")


class EnrollmentForm(AppCodeForm):
    """The same, below the QR code: the page is to be read from its top."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["code"].widget.attrs["autofocus"]

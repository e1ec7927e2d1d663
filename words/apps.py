"""Pages for translators."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WordsConfig(AppConfig):
    name = "words"
    verbose_name = _("Texts")

    def ready(self) -> None:
        """Register the permission."""
        from words import permissions  # noqa: F401

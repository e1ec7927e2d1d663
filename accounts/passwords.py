"""What a new password may be (ASVS 6.2). Length in code points; nothing is cut off."""

import unicodedata

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account

_CONTEXT = ("ku", "ucph", "københavn", "kobenhavn", "copenhagen", "universitet", "university", "alumni")


class LengthValidator:
    """Refuses passwords that are too short, or longer than any person's."""

    def __init__(self, min_length: int, max_length: int) -> None:
        self.min_length = min_length
        self.max_length = max_length

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError unless the length is between the two limits, both included."""
        if len(password) < self.min_length:
            raise ValidationError(
                ngettext(
                    "The password must have at least %(count)d character.",
                    "The password must have at least %(count)d characters.",
                    self.min_length,
                )
                % {"count": self.min_length},
                code="password_too_short",
            )
        if len(password) > self.max_length:
            raise ValidationError(
                ngettext(
                    "The password can have at most %(count)d character.",
                    "The password can have at most %(count)d characters.",
                    self.max_length,
                )
                % {"count": self.max_length},
                code="password_too_long",
            )

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return ngettext("At least %(count)d character.", "At least %(count)d characters.", self.min_length) % {
            "count": self.min_length
        }


class CommonValidator(CommonPasswordValidator):
    """Refuses the 20,000 passwords that are used most, by Django's list."""

    def get_error_message(self) -> str:
        """Return what is wrong, in our words."""
        return _("The password is too easy to guess: many people use it.")

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("Not a password that many people use.")


class ContextValidator:
    """Refuses passwords that are little more than the person's or the university's name.

    What is left of the password without those words, digits and signs must have five letters of its own.
    """

    own_letters = 5

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise ValidationError, with the word that was found, where little else is left."""
        rest = unicodedata.normalize("NFKC", password).casefold()
        words = [*_CONTEXT]
        if user is not None:
            words += [user.username, user.first_name, user.last_name, user.email.partition("@")[0]]
        found = ""
        for word in sorted({word.casefold() for word in words if len(word) > 1}, key=len, reverse=True):
            if word in rest:
                found = found or word
                rest = rest.replace(word, "")
        if found and sum(character.isalpha() for character in rest) < self.own_letters:
            raise ValidationError(
                _("The password is too easy to guess: it is made of '%(word)s' and little else.") % {"word": found},
                code="password_context",
            )

    def get_help_text(self) -> str:
        """Return the rule in words."""
        return _("Not your name, your username or the name of the university.")

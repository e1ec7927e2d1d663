"""The rules for new passwords (ASVS 6.2). Lengths are in code points, and passwords are never truncated."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import common_passwords
from accounts.models import Account
from accounts.normalization import normalize_password

_CONTEXT = ("ku", "ucph", "københavn", "kobenhavn", "copenhagen", "universitet", "university", "alumni")


class LengthValidator:
    """Refuses passwords that are too short or too long."""

    def __init__(self, min_length: int, max_length: int) -> None:
        self.min_length = min_length
        self.max_length = max_length

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise `ValidationError` unless the length is within the two limits, which are inclusive."""
        length = len(normalize_password(password))
        if length < self.min_length:
            raise ValidationError(
                ngettext(
                    "The password must have at least %(count)d character.",
                    "The password must have at least %(count)d characters.",
                    self.min_length,
                )
                % {"count": self.min_length},
                code="password_too_short",
            )
        if length > self.max_length:
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
        """Return the rule as a text for the user."""
        return ngettext("At least %(count)d character.", "At least %(count)d characters.", self.min_length) % {
            "count": self.min_length
        }


class CommonValidator:
    """Refuses common passwords, and common words with digits and signs around them."""

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise `ValidationError`, naming the word if there is one."""
        if word := common_passwords.common_word_in(password):
            raise ValidationError(_made_of(word), code="password_too_common")
        if common_passwords.is_common(password):
            raise ValidationError(
                _("The password is too easy to guess: many people use it."), code="password_too_common"
            )

    def get_help_text(self) -> str:
        """Return the rule as a text for the user."""
        return _("Not a password that many people use.")


class ContextValidator:
    """Refuses passwords that consist mostly of the name of the user or of the university.

    Without those words, the password must still have `own_letters` letters.
    """

    own_letters = 5

    def validate(self, password: str, user: Account | None = None) -> None:
        """Raise `ValidationError`, naming the word, if too few other letters remain."""
        rest = common_passwords.fold(password)
        words = [*_CONTEXT]
        if user is not None:
            words += [user.username, user.first_name, user.last_name, user.email.partition("@")[0]]
        found = ""
        for word in sorted({word.casefold() for word in words if len(word) > 1}, key=len, reverse=True):
            if word in rest:
                found = found or word
                rest = rest.replace(word, "")
        if found and sum(character.isalpha() for character in rest) < self.own_letters:
            raise ValidationError(_made_of(found), code="password_context")

    def get_help_text(self) -> str:
        """Return the rule as a text for the user."""
        return _("Not your name, your username or the name of the university.")


def _made_of(word: str) -> str:
    return _("The password is too easy to guess: it is little more than “%(word)s”.") % {"word": word}

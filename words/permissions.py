"""The permission to see all texts at /words/."""

from backoffice.roles import TRANSLATOR, grant

READ_WORDS = grant("accounts.read_words", TRANSLATOR)

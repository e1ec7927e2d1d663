"""Why agents block accounts."""

from django.db import models
from django.utils.translation import gettext_lazy


class BlockReason(models.TextChoices):
    """Why an account is blocked. The event and the list of actions show it."""

    MISUSE = "misuse", gettext_lazy("Someone else uses the account")
    VIOLATION = "violation", gettext_lazy("The user misuses the account")
    OWNER = "owner", gettext_lazy("The user has asked for it")
    INVESTIGATION = "investigation", gettext_lazy("A security incident is being investigated")

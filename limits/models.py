"""The counters of limits. `limits.counting` and `limits.refusals` alone write them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from limits.limit import NAME_LENGTH

PARTY_LENGTH = 64


class LimitCounter(models.Model):
    """How much one party has used of one limit in the window that ends at `ends_at`.

    SECURITY: `party` never contains a number or a name. It is a digest, an id, a network, or a prefix of numbers.
    """

    limit = models.CharField(_("limit"), max_length=NAME_LENGTH)
    party = models.CharField(_("party"), max_length=PARTY_LENGTH)
    # The account whose unlocking ends the limit. Without a constraint: a counter must never block other work.
    account = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.DO_NOTHING,
        null=True,
        blank=True,
        db_constraint=False,
        related_name="+",
        verbose_name=_("account"),
    )
    ends_at = models.DateTimeField(_("ends"), db_index=True)
    count = models.IntegerField(_("used"))

    class Meta:
        verbose_name = _("counter of a limit")
        verbose_name_plural = _("counters of limits")
        constraints = [models.UniqueConstraint(fields=["limit", "party"], name="limit_counter_once")]

    def __str__(self) -> str:
        return f"{self.limit} {self.party}"


class LimitRefusal(models.Model):
    """How often a limit refused a party: in all, and in the minute of the last refusal.

    The row with an empty party has the refusals of the rows that were deleted.
    """

    limit = models.CharField(_("limit"), max_length=NAME_LENGTH)
    party = models.CharField(_("party"), max_length=PARTY_LENGTH, blank=True)
    minute = models.DateTimeField(_("minute"), db_index=True)
    in_minute = models.IntegerField(_("refusals in the minute"))
    total = models.BigIntegerField(_("refusals"))

    class Meta:
        verbose_name = _("refusals by a limit")
        verbose_name_plural = _("refusals by limits")
        constraints = [models.UniqueConstraint(fields=["limit", "party"], name="limit_refusal_once")]

    def __str__(self) -> str:
        return f"{self.limit} {self.party}"


class LimitAlarm(models.Model):
    """A limit on a total that is nearly or quite used up. The row is the outbox of the mail to operators."""

    class Level(models.TextChoices):
        """How much of the limit is used up."""

        WARNING = "warning", _("Nearly used up")
        REACHED = "reached", _("Used up")

    limit = models.CharField(_("limit"), max_length=NAME_LENGTH)
    label = models.CharField(_("party"), max_length=PARTY_LENGTH, blank=True)
    level = models.CharField(_("level"), max_length=8, choices=Level.choices)
    number = models.PositiveIntegerField(_("number"))
    at = models.DateTimeField(_("time"))
    until = models.DateTimeField(_("ends"), db_index=True)
    mail_after = models.DateTimeField(_("next try"))
    mailed_at = models.DateTimeField(_("emailed"), null=True, blank=True)

    class Meta:
        verbose_name = _("alarm of a limit")
        verbose_name_plural = _("alarms of limits")
        indexes = [
            models.Index(fields=["mail_after"], condition=models.Q(mailed_at=None), name="limit_alarm_unmailed"),
        ]

    def __str__(self) -> str:
        return f"{self.limit} {self.label}"

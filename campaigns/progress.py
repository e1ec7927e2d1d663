"""The progress of a campaign: enrolled accounts, postponements, and the results of its reminders."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account
from campaigns import audience, reminder_mails
from campaigns import reminders as reminding
from campaigns.models import EnrollmentCampaign, Reminder, ReminderMail
from sign_in.methods import enrolled

State = ReminderMail.State


@dataclass(frozen=True)
class Share:
    """The enrolled part of a group."""

    label: str
    enrolled: int
    total: int

    @property
    def percent(self) -> int:
        """The percentage, rounded down so that 100 means all, or 0 for an empty group."""
        return self.enrolled * 100 // self.total if self.total else 0


@dataclass
class ReminderRow:
    """One reminder: its label, its due or start time, its status in words, and its number of emails by state."""

    label: str
    at: datetime
    standing: str
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def sent(self) -> int:
        """Emails that the mail server accepted."""
        return self.counts.get(State.SENT, 0)

    @property
    def failed(self) -> int:
        """Emails that the mail server rejected, and accounts without an email address."""
        return self.counts.get(State.FAILED, 0)

    @property
    def enrolled(self) -> int:
        """Accounts that enrolled or left the audience before their email was sent."""
        return self.counts.get(State.ENROLLED, 0)

    @property
    def unknown(self) -> int:
        """Emails with an unknown result, because the worker was killed before it recorded one."""
        return self.counts.get("unknown", 0)


@dataclass(frozen=True)
class CampaignProgress:
    """The content of a campaign's page above the fields."""

    total: Share
    shares: list[Share]
    put_off: int
    reminders: list[ReminderRow]


def campaign_progress(campaign: EnrollmentCampaign) -> CampaignProgress:
    everyone = _by_affiliation(audience.everyone(campaign))
    done = _by_affiliation(audience.everyone(campaign).filter(enrolled.enrolled_condition()))
    labels = {
        (True, False): _("Students"),
        (False, True): _("Employees"),
        (True, True): _("Students who are employed too"),
        (False, False): _("Neither student nor employee"),
    }
    shares = [Share(label, done.get(kind, 0), everyone[kind]) for kind, label in labels.items() if kind in everyone]
    total = Share("", sum(done.values()), sum(everyone.values()))
    return CampaignProgress(total, shares, campaign.postponements.count(), list(_reminders(campaign)))


def _by_affiliation(accounts: QuerySet[Account]) -> dict[tuple[bool, bool], int]:
    rows = accounts.order_by().values_list("is_student", "is_employee").annotate(count=Count("pk"))
    return {(student, employee): count for student, employee, count in rows}


def _reminders(campaign: EnrollmentCampaign) -> Iterator[ReminderRow]:
    """Yield the scheduled reminders, earliest first, then those that an administrator requested."""
    now = timezone.now()
    counts = _counts(campaign, now)
    begun = {row.days_before: row for row in campaign.reminders.all() if row.days_before is not None}
    for days in sorted({*campaign.reminder_days, *begun}, reverse=True):
        label = ngettext("%(count)d day before", "%(count)d days before", days) % {"count": days}
        due = reminding.due_at(campaign, days)
        if days in begun:
            yield _row(label, campaign, begun[days], counts)
        else:
            passed = due >= campaign.deadline or timezone.localdate(due) < timezone.localdate(now)
            paused = _("Paused") if campaign.paused_at else _("Planned")
            yield ReminderRow(label, due, _("Not sent: the day has passed") if passed else paused)
    for row in campaign.reminders.filter(days_before=None).select_related("asked_by").order_by("pk"):
        label = _("Asked for by %(name)s") % {"name": row.asked_by}
        yield _row(label, campaign, row, counts)


def _row(label: str, campaign: EnrollmentCampaign, row: Reminder, counts: dict[int, dict[str, int]]) -> ReminderRow:
    found = counts.get(row.pk, {})
    if row.finished_at:
        standing = _("Finished")
    elif campaign.paused_at:
        standing = _("Paused")
    else:
        total = sum(found.values())
        left = found.get(State.WAITING, 0) + found.get(State.CLAIMED, 0)
        standing = _("Sending: %(done)d of %(total)d") % {"done": total - left, "total": total}
    return ReminderRow(label, row.created_at, standing, found)


def _counts(campaign: EnrollmentCampaign, now: datetime) -> dict[int, dict[str, int]]:
    """Return the number of emails by reminder and state. "unknown" is counted apart from the state `CLAIMED`."""
    found: dict[int, dict[str, int]] = {}
    rows = ReminderMail.objects.filter(reminder__campaign=campaign).order_by()
    for reminder, state, count in (
        rows.exclude(reminder_mails.unknown(now)).values_list("reminder", "state").annotate(count=Count("pk"))
    ):
        found.setdefault(reminder, {})[state] = count
    for reminder, count in rows.filter(reminder_mails.unknown(now)).values_list("reminder").annotate(count=Count("pk")):
        found.setdefault(reminder, {})["unknown"] = count
    return found

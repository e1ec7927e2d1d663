""" "Not now": who must enroll by a campaign's deadline may put it off, so often and so long as the campaign lets them.

It signs nobody in: a password alone opens nothing but enrollment and verification.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from campaigns import audience, events
from campaigns.models import EnrollmentCampaign, Postponement
from campaigns.problems import cannot_put_off
from common import languages
from common.client_info import ClientInfo
from common.problems import flow_expired
from sign_in import enrollment
from sign_in.enrollment import Offer
from sign_in.pending import FlowPurpose, PendingSignIn
from sign_in.postponing import PostponementOffer


@dataclass(frozen=True)
class Allowance:
    """How an account stands in a campaign: how often it has put enrollment off, and until when it may.

    `until` is the deadline, or earlier where the days since the first time are over earlier.
    """

    campaign: EnrollmentCampaign
    times: int
    until: datetime

    @property
    def left(self) -> int:
        """How often it may still be put off, the days permitting."""
        return max(self.campaign.postpone_times - self.times, 0)

    def lasts(self, now: datetime) -> bool:
        """Whether it may be put off once more."""
        return self.campaign.postpone_days > 0 and self.left > 0 and now < self.until


def find_allowance(pending: PendingSignIn, offer: Offer, now: datetime) -> Allowance | None:
    """Return how the account that signs in stands in its campaign, None where it is in none.

    Nor has one an account for which an agent has prepared a device: its owner is on the phone.
    """
    if pending.purpose != FlowPurpose.SIGN_IN:
        return None
    if any(method.has_pending_enrollment(offer.account) for method in offer.methods):
        return None
    campaign = audience.deciding(offer.account, now)
    if campaign is None:
        return None
    return _allowance(campaign, Postponement.objects.filter(campaign=campaign, account=offer.account).first(), now)


def find_postponement(pending: PendingSignIn, offer: Offer) -> PostponementOffer | None:
    """Return what the enrollment page says to an account of a campaign, None for others."""
    now = timezone.now()
    found = find_allowance(pending, offer, now)
    if found is None:
        return None
    return PostponementOffer(
        text=found.campaign.text(languages.current()),
        deadline=found.campaign.last_moment,
        url=reverse("campaigns:not_now"),
        is_allowed=found.lasts(now),
        is_last=found.left == 1,
    )


def _allowance(campaign: EnrollmentCampaign, row: Postponement | None, now: datetime) -> Allowance:
    since = row.first_at if row else now
    until = min(campaign.deadline, since + timedelta(days=campaign.postpone_days))
    return Allowance(campaign, row.times if row else 0, until)


def postpone(pending: PendingSignIn, client: ClientInfo) -> Allowance:
    """Count that the owner said "Not now", once a flow; return how the account stands now.

    Raises the page that says what to do: where it may no longer be put off, where the account has a method by now, and
    where the flow is over. The caller ends the flow.
    """
    if pending.purpose != FlowPurpose.SIGN_IN:
        raise flow_expired()
    with transaction.atomic():
        offer = enrollment.may_enroll(pending, locked=True)
        now = timezone.now()
        before = find_allowance(pending, offer, now)
        if before is None:
            raise cannot_put_off()
        campaign, account = before.campaign, offer.account
        row = Postponement.objects.filter(campaign=campaign, account=account).first()
        if row is not None and row.last_at >= datetime.fromtimestamp(pending.started_at, UTC):
            return before  # this flow's other tab was quicker
        if not before.lasts(now):
            raise cannot_put_off()
        row = row or Postponement(campaign=campaign, account=account, first_at=now, times=0)
        row.times += 1
        row.last_at = now
        row.save()
        events.enrollment_postponed(account, campaign.name, row.times, client)
        return _allowance(campaign, row, now)

"""The rule of "Not now": how often and how long an account of a campaign may postpone enrollment.

Postponing does not sign anyone in. A password alone gives access only to enrollment and verification.
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
    """An account's postponements in a campaign.

    `times` is the number so far. `until` is when postponing ends: some days after the first time, at most the deadline.
    """

    campaign: EnrollmentCampaign
    times: int
    until: datetime

    @property
    def left(self) -> int:
        """The number of postponements left, ignoring `until`."""
        return max(self.campaign.postpone_times - self.times, 0)

    def lasts(self, now: datetime) -> bool:
        """Return whether another postponement is allowed."""
        return self.campaign.postpone_days > 0 and self.left > 0 and now < self.until


def find_allowance(pending: PendingSignIn, offer: Offer, now: datetime) -> Allowance | None:
    """Return the account's allowance in its campaign, or None if it is in no campaign.

    Also None for an account with a pending enrollment: an agent prepared it, and the owner is on the phone.
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
    """Return the content of the enrollment page for an account of a campaign, or None for other accounts."""
    now = timezone.now()
    found = find_allowance(pending, offer, now)
    if found is None:
        return None
    return PostponementOffer(
        text=found.campaign.text(languages.current()),
        deadline=found.campaign.last_moment,
        url=reverse("campaigns:not_now"),
        is_allowed=found.lasts(now),
        left=found.left,
    )


def _allowance(campaign: EnrollmentCampaign, row: Postponement | None, now: datetime) -> Allowance:
    since = row.first_at if row else now
    until = min(campaign.deadline, since + timedelta(days=campaign.postpone_days))
    return Allowance(campaign, row.times if row else 0, until)


def postpone(pending: PendingSignIn, client: ClientInfo) -> Allowance:
    """Count a postponement, at most once per flow. Return the account's new allowance. The caller ends the flow.

    Raises a `Problem` page if postponing is not allowed, if the account has a method by now, or if the flow expired.
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
            return before  # another tab of this flow was faster
        if not before.lasts(now):
            raise cannot_put_off()
        row = row or Postponement(campaign=campaign, account=account, first_at=now, times=0)
        row.times += 1
        row.last_at = now
        row.save()
        events.enrollment_postponed(account, campaign.name, row.times, client)
        return _allowance(campaign, row, now)

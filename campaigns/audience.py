"""A campaign's audience, the accounts in it that have not enrolled, and the campaign that applies to an account."""

from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, OuterRef, Q, QuerySet, Subquery, When
from django.utils import timezone

from accounts.affiliation import counts_as_student, student_condition
from accounts.models import Account
from campaigns.models import CampaignMember, EnrollmentCampaign
from sign_in.methods import enrolled

Kind = EnrollmentCampaign.Audience


def everyone(campaign: EnrollmentCampaign) -> QuerySet[Account]:
    """Return the active accounts that must enroll. `accounts.affiliation` decides who counts as a student."""
    return Account.objects.filter(_condition(campaign), is_active=True)


def missing(campaign: EnrollmentCampaign) -> QuerySet[Account]:
    """Return the accounts of `everyone` that are not enrolled."""
    return everyone(campaign).filter(~enrolled.enrolled_condition())


def deciding(account: Account, now: datetime) -> EnrollmentCampaign | None:
    """Return the open campaign that applies to the account. If there are several, the earliest deadline wins."""
    kind = Kind.STUDENTS if counts_as_student(account) else Kind.EMPLOYEES
    return _open_for(kind, account, now).first()


def with_deciding(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Annotate each account with the campaign that `deciding` returns: `campaign_name` and `campaign_deadline`."""
    now = timezone.now()
    named = {
        field: Case(
            When(student_condition(), then=_first(Kind.STUDENTS, now, field)),
            default=_first(Kind.EMPLOYEES, now, field),
        )
        for field in ("name", "deadline")
    }
    return accounts.annotate(campaign_name=named["name"], campaign_deadline=named["deadline"])


def _first(kind: Kind, now: datetime, field: str) -> Subquery:
    return Subquery(_open_for(kind, OuterRef(OuterRef("pk")), now).values(field)[:1])


def _open_for(kind: Kind, account: Any, now: datetime) -> QuerySet[EnrollmentCampaign]:
    listed = CampaignMember.objects.filter(campaign=OuterRef("pk"), account=account)
    mine = Q(audience=kind) | Q(Exists(listed), audience=Kind.LISTED)
    return EnrollmentCampaign.objects.filter(mine, opens_at__lte=now, deadline__gt=now).order_by("deadline", "pk")


def _condition(campaign: EnrollmentCampaign) -> Q:
    match Kind(campaign.audience):
        case Kind.STUDENTS:
            return student_condition()
        case Kind.EMPLOYEES:
            return ~student_condition()
        case Kind.LISTED:
            return Q(Exists(CampaignMember.objects.filter(campaign=campaign, account=OuterRef("pk"))))

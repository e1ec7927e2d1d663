"""Mails to the leads: a request waits for approval, a request expired unanswered, or a case has not been taken."""

from functools import partial

from celery import shared_task
from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.models import Account
from audit.models import SecurityEvent
from common.publishing import publish_soon
from helpdesk import events, notices, permissions
from helpdesk.models import Approval, Case
from notices import mailing
from notices.kinds import NoticeKind
from notices.models import Notice

_AT_ONCE = 100  # alerts of one run; the next run continues


def approval_requested(event: SecurityEvent) -> None:
    """Mail the leads that a request waits, in its transaction."""
    _mail(event, notices.APPROVAL_REQUESTED, _leads(event))


@shared_task(name="helpdesk.alert_waiting")
def alert_waiting() -> int:
    """Mail the leads about requests that expired without an answer, and cases not taken in time. Return their number.

    Each is announced once. Concurrent runs are safe.
    """
    return _alert_approvals() + _alert_cases()


def _alert_approvals() -> int:
    now = timezone.now()
    waiting = Approval.objects.filter(outcome=Approval.Outcome.WAITING, alerted_at=None, expires_at__lte=now)
    done = 0
    for approval_id in list(waiting.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            if not waiting.filter(pk=approval_id).update(alerted_at=now):
                continue
            row = Approval.objects.select_related("account", "asked_by").get(pk=approval_id)
            event = events.approval_expired(row.asked_by, row.account, row.action)
            _mail(event, notices.APPROVAL_EXPIRED, [*_leads(event), row.asked_by])
            done += 1
    return done


def _alert_cases() -> int:
    now = timezone.now()
    since = now - settings.HELPDESK_ALERT_AFTER
    waiting = Case.objects.filter(closed_at=None, taken_by=None, alerted_at=None, opened_at__lte=since)
    done = 0
    for case_id in list(waiting.order_by("pk").values_list("pk", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            if not waiting.filter(pk=case_id).update(alerted_at=now):
                continue
            event = events.case_waits(Case.objects.select_related("account").get(pk=case_id).account, case_id)
            _mail(event, notices.CASE_WAITS, _leads(event))
            done += 1
    return done


def _leads(event: SecurityEvent) -> QuerySet[Account]:
    """Return who may answer: those with the permission, except the agent and the account of the event."""
    app_label, _dot, codename = permissions.APPROVE_ACTION.partition(".")
    group = Q(groups__permissions__content_type__app_label=app_label, groups__permissions__codename=codename)
    own = Q(user_permissions__content_type__app_label=app_label, user_permissions__codename=codename)
    leads = Account.objects.filter(group | own, is_active=True, is_staff=True).exclude(pk=event.account_id or 0)
    return leads.exclude(pk=event.actor_id or 0).distinct().order_by("pk")


def _mail(event: SecurityEvent, kind: NoticeKind, accounts: QuerySet[Account] | list[Account]) -> None:
    for account in accounts:
        notice = Notice.objects.create(account=account, event=event, kind=kind)
        transaction.on_commit(partial(publish_soon, mailing.send_notice, notice.pk), robust=True)

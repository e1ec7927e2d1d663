"""Human check for further numbers within a day: the browser does a proof of work, or the person waits.

Each puzzle is a row, valid for one account, one number and one pass.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Account
from common import proof_of_work
from mfa_sms.models import HumanCheck, Purpose, TextMessage

_DAY = timedelta(days=1)


def is_check_needed(account: Account, number: PhoneNumber) -> HumanCheck | None:
    """Return the check that is required before a message to the number, or None.

    Not required for numbers already messaged today. Call this with the account's row locked, or after the check was
    created. Two checks for one number are harmless, since each must be passed.
    """
    sent_to = set(
        TextMessage.objects.filter(
            account=account, purpose=Purpose.ENROLL, created_at__gt=timezone.now() - _DAY
        ).values_list("number", flat=True)
    )
    if number in sent_to or len(sent_to) < settings.SMS_NUMBERS_BEFORE_CHECK:
        return None
    check = latest_check(account, number)
    if check is None:
        check = HumanCheck.objects.create(
            account=account, number=number.as_e164, puzzle=proof_of_work.new_puzzle(settings.SMS_CHECK_COST)
        )
    return None if check.passed_at else check


def latest_check(account: Account, number: PhoneNumber) -> HumanCheck | None:
    """Return the last day's newest check for the number, passed or not, or None."""
    checks = HumanCheck.objects.filter(account=account, number=number, created_at__gt=timezone.now() - _DAY)
    return checks.order_by("-pk").first()


def opened_at(check: HumanCheck) -> datetime:
    """Return when a person without JavaScript may continue."""
    return check.created_at + settings.SMS_CHECK_WAIT


def check_answer(check: HumanCheck, solution: str) -> bool:
    """Pass the check if the solution is correct or the wait is over. Return True if it is passed."""
    with transaction.atomic():
        check = HumanCheck.objects.select_for_update().get(pk=check.pk)
        if check.passed_at is None and (
            timezone.now() >= opened_at(check) or proof_of_work.is_solved(check.puzzle, solution)
        ):
            check.passed_at = timezone.now()
            check.save(update_fields=["passed_at"])
        return check.passed_at is not None

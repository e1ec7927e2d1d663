"""Human check for further numbers within a day: the browser does a proof of work, or the person waits.

The proof of work is altcha's. The browser searches for the counter whose derived key begins with a given prefix. altcha
signs a puzzle but does not remember it. Here each puzzle is a row, valid for one account, one number and one pass.
"""

import secrets
from datetime import datetime, timedelta

import altcha
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Account
from mfa_sms.models import HumanCheck, Purpose, TextMessage

_DAY = timedelta(days=1)
_GUESSES = (400, 1200)


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
        check = HumanCheck.objects.create(account=account, number=number.as_e164, puzzle=_new_puzzle())
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
        if check.passed_at is None and (timezone.now() >= opened_at(check) or _is_solved(check, solution)):
            check.passed_at = timezone.now()
            check.save(update_fields=["passed_at"])
        return check.passed_at is not None


def _new_puzzle() -> dict[str, object]:
    low, high = _GUESSES
    puzzle = altcha.create_challenge(
        "PBKDF2/SHA-256",
        settings.SMS_CHECK_COST,
        counter=low + secrets.randbelow(high - low),
        hmac_secret=_secret(),
    )
    return dict(puzzle.to_dict())


def _is_solved(check: HumanCheck, solution: str) -> bool:
    """Verify `counter:key` against the stored puzzle. Nothing else from the browser is used."""
    counter, _, key = solution[:200].partition(":")
    if not (counter.isascii() and counter.isdecimal() and len(counter) < 10):
        return False
    payload = altcha.Payload(
        challenge=altcha.Challenge.from_dict(check.puzzle),
        solution=altcha.Solution(counter=int(counter), derived_key=key),
    )
    return bool(altcha.verify_solution(payload, _secret()).verified)


def _secret() -> str:
    return salted_hmac("mfa_sms.human_check", "altcha", algorithm="sha256").hexdigest()

"""Replaces the web process: creates the rows of messages as `mfa_sms.sending` writes them, without requests.

`prepare N` creates accounts and phones. `send N RATE` creates RATE messages per second until the table has N rows. It
then runs until standard input ends, as a web process does. After a kill and a restart it continues where it stopped.
"""

import random
import secrets
import sys
import time
from datetime import timedelta

import django

django.setup()

from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402
from phonenumber_field.phonenumber import PhoneNumber  # noqa: E402

from accounts.models import Account  # noqa: E402
from mfa_sms import codes, sending  # noqa: E402
from mfa_sms.dispatch import enqueue_code  # noqa: E402
from mfa_sms.models import Challenge, Purpose, SmsDevice, TextMessage  # noqa: E402

FIRST_NUMBER = 20_000_000
SHORT = 0.1  # share of the messages that repeat a code that expires soon
SHORT_LIFE = (5.0, 40.0)  # seconds until that code expires


def prepare(messages: int) -> None:
    """Create a phone for four of five messages. Every fifth message goes to a phone that already received one."""
    number = max(1, messages * 4 // 5)
    accounts = Account.objects.bulk_create(
        Account(username=f"stu{index}", password="!", is_student=True) for index in range(number)
    )
    SmsDevice.objects.bulk_create(
        SmsDevice(user=account, number=PhoneNumber.from_string(f"+45{FIRST_NUMBER + index}"), confirmed=True)
        for index, account in enumerate(accounts)
    )


def send(messages: int, rate: float) -> None:
    """Queue messages at this rate per second, until there are `messages` rows."""
    devices = list(SmsDevice.objects.order_by("pk"))
    begin, done = time.monotonic(), TextMessage.objects.count()
    for number in range(done, messages):
        time.sleep(max(0, begin + (number - done) / rate - time.monotonic()))
        _queue(devices[number % len(devices)])


def _queue(device: SmsDevice) -> None:
    left = timedelta(seconds=random.uniform(*SHORT_LIFE)) if random.random() < SHORT else None
    more = {"expires_at": timezone.now() + left} if left else {}
    with transaction.atomic():
        challenge = Challenge.objects.create(
            device=device,
            purpose=Purpose.SIGN_IN,
            browser=sending.browser_digest(secrets.token_hex()),
            key_id=codes.current_key_id(),
            **more,
        )
        message = TextMessage.objects.create(
            account_id=device.user_id,
            device=device,
            challenge=challenge,
            purpose=challenge.purpose,
            number=device.number,
            language=random.choice(["da", "en"]),
            expires_at=challenge.expires_at,
        )
        transaction.on_commit(lambda: enqueue_code(message.pk))


def main() -> None:
    """Execute the command in the arguments."""
    if sys.argv[1] == "prepare":
        prepare(int(sys.argv[2]))
        return
    send(int(sys.argv[2]), float(sys.argv[3]))
    sys.stdin.read()


if __name__ == "__main__":
    main()

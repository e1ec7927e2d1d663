"""Commands for a separate process of the portal: `send`, and `what_became_of` with a message's id."""

import json
import sys
from typing import Any

import django

django.setup()

from phonenumber_field.phonenumber import PhoneNumber  # noqa: E402 - needs the applications

from accounts.models import Account  # noqa: E402
from mfa_sms import codes, delivery, texts  # noqa: E402
from mfa_sms.models import Challenge, Purpose, SmsDevice, TextMessage  # noqa: E402

NUMBER = "+4526123478"
WORDS = "er din kode til at ændre dit KU-login. Æblegrød på en Ø, og Å? 35 € & 100 % + {[~]}"


def send() -> dict[str, Any]:
    """Deliver a message with characters that are easily lost. Return its id, and its first and last line."""
    account = Account.objects.create_user("stu123", is_student=True)
    number = PhoneNumber.from_string(NUMBER)
    device = SmsDevice.objects.create(user=account, number=number, confirmed=True)
    challenge = Challenge.objects.create(device=device, purpose=Purpose.SIGN_IN, key_id=codes.current_key_id())
    message = TextMessage.objects.create(
        account=account,
        device=device,
        challenge=challenge,
        purpose=Purpose.SIGN_IN,
        number=number,
        language="da",
        expires_at=challenge.expires_at,
    )
    texts.compose = lambda purpose, language, code, host: f"{code} {WORDS}\n@{host} #{code}"
    delivery.deliver(message.pk)
    first, last = texts.render(message).splitlines()
    return {"message": message.pk, "first": first, "last": last}


def what_became_of(message_id: str) -> dict[str, Any]:
    """Return the message's status, its attempts, and its receipts in the order of arrival."""
    message = TextMessage.objects.get(pk=int(message_id))
    receipts = message.receipts.order_by("pk")
    return {
        "status": message.status,
        "gateway": message.gateway,
        "attempts": list(message.attempts.values_list("outcome", flat=True)),
        "receipts": list(receipts.values_list("raw_status", flat=True)),
        "raw": "".join(receipts.values_list("raw", flat=True)),
    }


if __name__ == "__main__":
    answer = send() if sys.argv[1] == "send" else what_became_of(sys.argv[2])
    sys.stdout.write(f"\n{json.dumps(answer)}\n")

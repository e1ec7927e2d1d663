"""`manage.py send_test_sms +45…`: sends one message without a code through each gateway."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from mfa_sms import gateways, numbers
from mfa_sms.attempting import receipt_url
from mfa_sms.gateways import Gateway, GatewayError, OutgoingMessage
from mfa_sms.numbers import NotANumber

TEXT = "Test from kumfa. No code, nothing to do."


class Command(BaseCommand):
    """Prints each gateway's result. Fails if a gateway did not accept the message. Stores no message."""

    help = "Send a test message to a number through each configured gateway."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", help="with its country code: +45…")
        parser.add_argument("--gateway", help="only the one of this name")

    def handle(self, *args: Any, number: str, gateway: str | None, **options: Any) -> None:
        try:
            to = numbers.parse_number(number, "DK")
        except NotANumber as error:
            raise CommandError(f"Not a number that codes are sent to: {error.fault.value}.") from None
        chosen = [found for found in gateways.configured() if gateway in (None, found.slug)]
        if not chosen:
            raise CommandError("No gateway of that name is configured.")
        results = [self._send(found, to.as_e164) for found in chosen]
        if not all(results):
            raise CommandError("Not every gateway took the message.")

    def _send(self, gateway: Gateway, to: str) -> bool:
        message = OutgoingMessage(to, TEXT, settings.SMS_SENDER, "test", 300, receipt_url(gateway))
        try:
            result = gateway.send(message)
        except GatewayError as error:
            self.stdout.write(f"{gateway.slug}: {error.fault.value} {error.code}".rstrip())
            return False
        self.stdout.write(f"{gateway.slug}: accepted {result.message_id}".rstrip())
        return True

"""The device keeps django-otp's contract: django-otp's own tests of throttling, cooldown and timestamps pass."""

from django.test import override_settings
from django_otp.test_utils import CooldownTestMixin, TestCase, ThrottlingTestMixin, TimestampTestMixin
from phonenumber_field.phonenumber import PhoneNumber

from accounts.models import Account
from mfa_sms.models import Challenge, SmsDevice
from mfa_sms.tests.helpers import code_of, other_than


# The contract expects a lock from the first failure on, and a wait of ten seconds.
@override_settings(CODE_FAILURES_TO_LOCK=1, SMS_WAITS=(10,), SMS_CODE_TRIES=1000)
class SmsDeviceContractTests(ThrottlingTestMixin, CooldownTestMixin, TimestampTestMixin, TestCase):
    device: SmsDevice

    def setUp(self) -> None:
        account = Account.objects.create_user("stu123", is_student=True)
        self.device = SmsDevice.objects.create(
            user=account, number=PhoneNumber.from_string("+4526123478"), confirmed=True
        )

    def valid_token(self) -> str:
        return code_of(self._open_challenge())

    def invalid_token(self) -> str:
        return other_than(self.valid_token())

    def _open_challenge(self) -> Challenge:
        if not self.device.challenges.filter(outcome="").exists():
            self.device.generate_challenge()
        return Challenge.objects.get(device=self.device, outcome="")

"""Verification of a recovery code."""

from collections.abc import Sequence

from django.conf import settings
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from common.client_info import ClientInfo
from mfa_recovery import codes, events, notices
from mfa_recovery.method import METHOD
from mfa_recovery.models import RecoveryCode, RecoveryDevice
from notices import notify
from sign_in import methods
from sign_in.methods import Option
from sign_in.pending import PendingSignIn
from sign_in.verification import CodeVerification, Verdict


class RecoveryVerification(CodeVerification[RecoveryDevice, RecoveryCode]):
    """Verifies a code against the account's unused codes. `left` in the result is the number that remain."""

    method = METHOD
    missing = Verdict.NO_CODES

    def __init__(self, pending: PendingSignIn, client: ClientInfo) -> None:
        super().__init__(pending, client)
        self._unused: list[RecoveryCode] = []
        self._registered: list[Option] = []

    def lock_device(self) -> RecoveryDevice | None:
        """Lock the device. Its codes change only under this lock."""
        devices = RecoveryDevice.objects.select_for_update(of=("self",)).select_related("user")
        device: RecoveryDevice | None = devices.filter(user_id=self.pending.account_id, confirmed=True).first()
        return device

    def refuse_before_comparing(self, device: RecoveryDevice) -> Verdict | None:
        """Return NO_CODES if the account has no unused codes, or if a policy forbids them."""
        self._unused = list(device.codes.filter(used_at=None).order_by("pk"))
        return None if self._unused and self.method.allows(device.user) else Verdict.NO_CODES

    @sensitive_variables("code")
    def find_match(self, device: RecoveryDevice, code: str) -> RecoveryCode | None:
        """Compare with the hash of every unused code."""
        return next((kept for kept in self._unused if codes.matches_secret_code(code, kept.digest)), None)

    def consume(self, device: RecoveryDevice, match: RecoveryCode) -> Sequence[str]:
        """Mark the code as used and update `left`."""
        self._registered = methods.devices(device.user.pk)
        match.used_at = timezone.now()
        match.save(update_fields=["used_at"])
        self.left = len(self._unused) - 1
        return []

    def proven(self, device: RecoveryDevice) -> None:
        """Also write the event of the used code and notify the owner of it, and once when few codes are left."""
        super().proven(device)
        event = events.recovery_code_used(device.user, device, self.left, self.client)
        notify.notify_owner(event, notices.RECOVERY_CODE_USED, self._registered)
        if self.left == settings.RECOVERY_CODES_LOW:
            notify.notify_owner(event, notices.RECOVERY_CODES_LOW)

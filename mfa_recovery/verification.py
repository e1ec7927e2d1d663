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
    """Judges a code against the unused ones of the account. `left` in the result counts those that remain."""

    method = METHOD
    missing = Verdict.NO_CODES

    def __init__(self, pending: PendingSignIn, client: ClientInfo) -> None:
        super().__init__(pending, client)
        self._unused: list[RecoveryCode] = []
        self._registered: list[Option] = []

    def lock_device(self) -> RecoveryDevice | None:
        """Lock the device; its codes change only under this lock."""
        devices = RecoveryDevice.objects.select_for_update(of=("self",)).select_related("user")
        device: RecoveryDevice | None = devices.filter(user_id=self.pending.account_id, confirmed=True).first()
        return device

    def refuse_unread(self, device: RecoveryDevice) -> Verdict | None:
        """Refuse an account without unused codes, and one that a policy forbids to use them."""
        self._unused = list(device.codes.filter(used_at=None).order_by("pk"))
        return None if self._unused and self.method.allows(device.user) else Verdict.NO_CODES

    @sensitive_variables("code")
    def find_match(self, device: RecoveryDevice, code: str) -> RecoveryCode | None:
        """Compare with the hash of every unused code."""
        return next((kept for kept in self._unused if codes.matches_secret_code(code, kept.digest)), None)

    def consume(self, device: RecoveryDevice, match: RecoveryCode) -> Sequence[str]:
        """Mark the code as used."""
        self._registered = methods.devices(device.user.pk)
        match.used_at = timezone.now()
        match.save(update_fields=["used_at"])
        self.left = len(self._unused) - 1
        return []

    def proven(self, device: RecoveryDevice) -> None:
        """Write that a code was used, too, and notify the owner of it and of the last few codes."""
        super().proven(device)
        event = events.recovery_code_used(device.user, device, self.left, self.client)
        notify.notify_owner(event, notices.RECOVERY_CODE_USED, self._registered)
        if self.left == settings.RECOVERY_CODES_LOW:
            notify.notify_owner(event, notices.RECOVERY_CODES_LOW)

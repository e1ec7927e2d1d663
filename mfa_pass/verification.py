"""Verification of an access pass."""

from collections.abc import Sequence

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from mfa_pass import codes, events
from mfa_pass.method import METHOD
from mfa_pass.models import AccessPass
from sign_in.verification import CodeVerification, Verdict


class PassVerification(CodeVerification[AccessPass, AccessPass]):
    """Judges a code against the pass of the account. If two right codes arrive at once, a single-use pass takes one."""

    method = METHOD

    def lock_device(self) -> AccessPass | None:
        """Lock the pass, alive or not."""
        passes = AccessPass.objects.select_for_update(of=("self",)).select_related("user")
        device: AccessPass | None = passes.filter(user_id=self.pending.account_id, confirmed=True).first()
        return device

    def refuse_unread(self, device: AccessPass) -> Verdict | None:
        """Refuse a pass that has expired or is used up, and one that a policy forbids."""
        return None if device.is_alive and self.method.allows(device.user) else Verdict.GONE

    @sensitive_variables("code")
    def find_match(self, device: AccessPass, code: str) -> AccessPass | None:
        """Compare with the hash."""
        return device if codes.matches_secret_code(code, device.digest) else None

    def consume(self, device: AccessPass, match: AccessPass) -> Sequence[str]:
        """Use up the pass, if it works once."""
        device.used_at = timezone.now()
        return ["used_at"]

    def proven(self, device: AccessPass) -> None:
        """Write that a pass was used, too."""
        super().proven(device)
        events.pass_used(device.user, device, self.client)

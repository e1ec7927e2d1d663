"""Verification of an access pass."""

from collections.abc import Sequence

from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from mfa_pass import codes, events
from mfa_pass.method import METHOD
from mfa_pass.models import AccessPass
from sign_in.verification import CodeVerification, Verdict


class PassVerification(CodeVerification[AccessPass, AccessPass]):
    """Verifies a code against the account's pass.

    If two right codes arrive at once, a single-use pass accepts exactly one.
    """

    method = METHOD

    def lock_device(self) -> AccessPass | None:
        """Lock the account's pass, even if it is expired or used up."""
        passes = AccessPass.objects.select_for_update(of=("self",)).select_related("user")
        device: AccessPass | None = passes.filter(user_id=self.pending.account_id, confirmed=True).first()
        return device

    def refuse_before_comparing(self, device: AccessPass) -> Verdict | None:
        """Return GONE if the pass is expired or used up, or if a policy forbids it."""
        return None if device.is_alive and self.method.allows(device.user) else Verdict.GONE

    @sensitive_variables("code")
    def find_match(self, device: AccessPass, code: str) -> AccessPass | None:
        """Compare with the stored hash."""
        return device if codes.matches_secret_code(code, device.digest) else None

    def consume(self, device: AccessPass, match: AccessPass) -> Sequence[str]:
        """Record the use, which uses up a single-use pass."""
        device.used_at = timezone.now()
        return ["used_at"]

    def proven(self, device: AccessPass) -> None:
        """Also write the event of the used pass."""
        super().proven(device)
        events.pass_used(device.user, device, self.client)

"""Verification of the pigeon's word, as far as it differs from other factors."""

from collections.abc import Sequence

from django.utils.crypto import constant_time_compare

from notices import notify
from sign_in import methods
from sign_in.verification import CodeVerification
from tests.pigeon import events, notices
from tests.pigeon.method import METHOD
from tests.pigeon.models import Pigeon


class PigeonVerification(CodeVerification[Pigeon, Pigeon]):
    """Compares a word with that of the account's pigeon. A word may be used more than once."""

    method = METHOD

    def lock_device(self) -> Pigeon | None:
        """Lock the pigeon and return it, or `None` without a word."""
        pigeons = Pigeon.objects.select_for_update(of=("self",)).select_related("user").exclude(word="")
        device: Pigeon | None = pigeons.filter(user_id=self.pending.account_id, confirmed=True).first()
        return device

    def find_match(self, device: Pigeon, code: str) -> Pigeon | None:
        """Return the pigeon if the word is right."""
        return device if constant_time_compare(device.word, code) else None

    def consume(self, device: Pigeon, match: Pigeon) -> Sequence[str]:
        """Keep the word."""
        return []

    def proven(self, device: Pigeon) -> None:
        """Also write the pigeon's own event, and notify the owner."""
        super().proven(device)
        event = events.pigeon_sent(device.user, device, self.client)
        notify.notify_owner(event, notices.PIGEON_SENT, methods.devices(device.user.pk))

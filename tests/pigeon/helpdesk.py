"""The pigeon's own helpdesk action."""

from collections.abc import Mapping, Sequence

from accounts.models import Account
from common.client_info import ClientInfo
from helpdesk.registry import ActionRefused, ActionResult, HelpdeskAction
from sign_in.methods import Option
from tests.pigeon.models import Pigeon
from tests.pigeon.permissions import FEED_PIGEON


class FeedPigeon(HelpdeskAction):
    """Feeds a pigeon, which then brings another word."""

    slug = "feed-pigeon"
    verb = "Fodr duen"
    effect = "Duen bliver mæt."
    seen = "Den studerende ser en mæt due."
    told = "It-support har fodret din due."
    permission = FEED_PIGEON

    def perform(
        self, agent: Account, account: Account, cleaned: Mapping[str, object], client: ClientInfo
    ) -> ActionResult:
        """Change the word. Raise `ActionRefused` if the account has no pigeon."""
        if not Pigeon.objects.filter(user=account).update(word="mæt"):
            raise ActionRefused("Duen er fløjet.")
        return ActionResult("Duen er fodret.", detail="havre")

    def applies(self, account: Account, registered: Sequence[Option]) -> bool:
        """Return whether the account has a pigeon."""
        return any(isinstance(option.device, Pigeon) for option in registered)

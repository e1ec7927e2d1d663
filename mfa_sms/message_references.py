"""The reference of a message at a gateway, which its receipts repeat.

SECURITY: GatewayAPI's webhook belongs to the account, not to the portal, so receipts of other systems come with
references of their own. A reference has a digest under our key, for one gateway. Other systems cannot make one, and
a gateway cannot report on a message that it was never given.
"""

import re

from common import keyed_digests

_SALT = "mfa_sms.reference"
_DIGITS = 32  # of the digest, so that the reference has at most 52 characters
_FORM = re.compile(rf"([1-9][0-9]{{0,17}})-([0-9a-f]{{{_DIGITS}}})")


def make_reference(message_id: int, gateway: str) -> str:
    """Return the reference that a gateway gets for a message."""
    return f"{message_id}-{keyed_digests.digest(_SALT, f'{gateway}:{message_id}')[:_DIGITS]}"


def message_of(reference: str, gateway: str) -> int | None:
    """Return the id of the message if this portal made the reference for this gateway; otherwise None."""
    found = _FORM.fullmatch(reference)
    if found is None:
        return None
    digests = keyed_digests.all_digests(_SALT, f"{gateway}:{found[1]}")
    return int(found[1]) if keyed_digests.any_equal(found[2], [digest[:_DIGITS] for digest in digests]) else None

"""The secret of an app that is being set up: derived whenever a page needs it, stored nowhere until it is proven."""

import re
from base64 import b32encode
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.utils.crypto import salted_hmac

from accounts.models import Account
from sign_in.pending import PendingSignIn

_LENGTH = 20  # bytes: what RFC 4226, section 4, recommends, and all of SHA-1's
_GROUP = 4  # characters of the key that are read and typed at a time
_QUIET = 4  # modules of white around a QR code (ISO/IEC 18004)
_MODULE = 4  # pixels: with a name of usual length the code is as wide as the narrowest page


@dataclass(frozen=True)
class QrCode:
    """A QR code as one SVG path of lines a module thick. `size` is in modules, `width` in pixels."""

    path: str = field(repr=False)
    size: int

    @property
    def width(self) -> int:
        """How wide and high it is shown where there is room."""
        return self.size * _MODULE


@dataclass(frozen=True)
class Secret:
    """What an app and the portal share, and the account's name as the app will show it."""

    key: bytes = field(repr=False)
    account_name: str

    @property
    def base32(self) -> str:
        """The key as apps take it."""
        return b32encode(self.key).decode()

    @property
    def grouped(self) -> str:
        """The key as people type it."""
        text = self.base32
        return " ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))

    @property
    def uri(self) -> str:
        """The address that apps open, in Google Authenticator's key URI format: SHA-1, 6 digits, 30 seconds."""
        label = quote(f"{settings.OTP_TOTP_ISSUER}:{self.account_name}", safe=":@")
        query = {
            "secret": self.base32,
            "issuer": settings.OTP_TOTP_ISSUER,
            "algorithm": "SHA1",
            "digits": 6,
            "period": 30,
        }
        return f"otpauth://totp/{label}?{urlencode(query, quote_via=quote)}"

    @property
    def qr_code(self) -> QrCode:
        """The address as cameras read it."""
        code = segno.make(self.uri, error="m", micro=False)
        path = "".join(
            f"M{run.start() + _QUIET} {row + _QUIET}.5h{len(run[0])}"
            for row, modules in enumerate(code.matrix)
            for run in re.finditer(rb"\x01+", modules)
        )
        return QrCode(path, len(code.matrix) + 2 * _QUIET)


def secret_of_flow(pending: PendingSignIn, account: Account) -> Secret:
    """Return the secret that this flow offers to the app: the same at each load and in each tab, in no other flow.

    SECURITY: sessions lie in the database, and would hold the secret in clear. So it is made from the random `browser`
    in the session under a key of `SECRET_KEY`: whoever has one of the two has nothing.
    """
    digest = salted_hmac("mfa_totp.keys.secret_of_flow", f"{account.pk}|{pending.browser}", algorithm="sha256").digest()
    return Secret(digest[:_LENGTH], str(account.account_name))

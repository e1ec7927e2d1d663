"""The secret of an app during setup. It is derived for each page, and stored only when a code confirms the app."""

import re
from base64 import b32encode
from dataclasses import dataclass, field
from urllib.parse import quote, urlencode

import segno
from django.conf import settings

from accounts.models import Account
from common import keyed_digests
from sign_in.pending import PendingSignIn

_LENGTH = 20  # bytes: the length that RFC 4226, section 4, recommends, which is that of a SHA-1 digest
_GROUP = 4  # characters of the key in one group
_QUIET = 4  # modules of white margin around a QR code (ISO/IEC 18004)
_MODULE = 4  # pixels: with a name of usual length, the code is as wide as the narrowest page


@dataclass(frozen=True)
class QrCode:
    """A QR code as one SVG path of lines that are a module thick. `size` is in modules, `width` in pixels."""

    path: str = field(repr=False)
    size: int

    @property
    def width(self) -> int:
        """Return the width and height at full size, in pixels."""
        return self.size * _MODULE


@dataclass(frozen=True)
class Secret:
    """The secret that an app and the portal share, and the account name that the app shows."""

    key: bytes = field(repr=False)
    account_name: str

    @property
    def base32(self) -> str:
        """Return the key in base32, the format that apps accept."""
        return b32encode(self.key).decode()

    @property
    def grouped(self) -> str:
        """Return the base32 key in groups, as people type it."""
        text = self.base32
        return " ".join(text[start : start + _GROUP] for start in range(0, len(text), _GROUP))

    @property
    def uri(self) -> str:
        """Return the `otpauth:` URI that apps open: SHA-1, 6 digits, 30 seconds.

        It follows Google Authenticator's key URI format.
        """
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
        """Return the URI as a QR code."""
        code = segno.make(self.uri, error="m", micro=False)
        path = "".join(
            f"M{run.start() + _QUIET} {row + _QUIET}.5h{len(run[0])}"
            for row, modules in enumerate(code.matrix)
            for run in re.finditer(rb"\x01+", modules)
        )
        return QrCode(path, len(code.matrix) + 2 * _QUIET)


def secret_of_flow(pending: PendingSignIn, account: Account) -> Secret:
    """Return the secret that this flow offers to the app.

    It is the same for each load and each tab of the flow, and different in every other flow.
    """
    return secrets_of_flow(pending, account)[0]


def secrets_of_flow(pending: PendingSignIn, account: Account) -> list[Secret]:
    """Return the secrets that this flow may have offered: one for each key of `SECRET_KEY_FALLBACKS` too.

    SECURITY: sessions are rows in the database, where a secret would be readable. So the secret is derived from the
    random `browser` value in the session and a key of `SECRET_KEY`. An attacker who knows only one of the two cannot
    derive it.
    """
    digests = keyed_digests.all_raw_digests("mfa_totp.keys.secret_of_flow", f"{account.pk}|{pending.browser}")
    return [Secret(digest[:_LENGTH], str(account.account_name)) for digest in digests]

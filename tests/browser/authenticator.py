"""A simulated authenticator app. It knows a key and shows a code that changes every half minute."""

import base64
import time
from dataclasses import dataclass, field

from django_otp.oath import TOTP

from tests.browser.people import wait_for

_STEP = 30


@dataclass
class Authenticator:
    """One account in the app. `typed` is the key as the page shows it. No code is given twice."""

    typed: str
    given: set[int] = field(default_factory=set)

    def code(self) -> str:
        """Return a code that was not given yet. The portal also accepts the code of the next half minute."""
        secret = base64.b32decode(self.typed.replace(" ", ""))
        wait_for(lambda: self._unused() is not None, "an unused code of the app", patience=2 * _STEP)
        step = self._unused()
        assert step is not None
        self.given.add(step)
        totp = TOTP(secret, step=_STEP)
        totp.time = step * _STEP
        return f"{totp.token():06}"

    def _unused(self) -> int | None:
        now = int(time.time()) // _STEP
        after = max(self.given, default=now - 1)
        return next((step for step in (now, now + 1) if step > after), None)

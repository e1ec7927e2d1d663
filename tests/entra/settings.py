"""Settings for a stand-in of Entra on this machine. Responses may also go to its address."""

import os

from kumfa.settings import *  # noqa: F403
from kumfa.settings import ENTRA_REDIRECT_URIS

ENTRA_REDIRECT_URIS = [*ENTRA_REDIRECT_URIS, *os.environ["ENTRA_STAND_IN"].split()]
SSO_KEY_BITS = 2048

"""Settings, read from the environment or from the file `.env`.

`.env.example` lists every variable with its default and unit. An unset variable uses a default that runs on a laptop.
With `DEBUG` off, `kumfa.checks` refuses each default that is not fit for production.
"""

from kumfa.settings.background import *  # noqa: F403
from kumfa.settings.base import *  # noqa: F403
from kumfa.settings.connections import *  # noqa: F403
from kumfa.settings.directory import *  # noqa: F403
from kumfa.settings.helpdesk import *  # noqa: F403
from kumfa.settings.limits import *  # noqa: F403
from kumfa.settings.logs import *  # noqa: F403
from kumfa.settings.messages import *  # noqa: F403
from kumfa.settings.sign_in import *  # noqa: F403
from kumfa.settings.sso import *  # noqa: F403
from kumfa.settings.web import *  # noqa: F403

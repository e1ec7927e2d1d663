"""Every limit of the portal, as data. docs/limits.md is generated from it: `manage.py limits_page`.

The order is the order in which a transaction locks the counters: limits of one party first, totals last.
"""

from limits.catalogue.listing import LIMITS, rank
from limits.catalogue.sign_in import *  # noqa: F403
from limits.catalogue.text_messages import *  # noqa: F403
from limits.catalogue.uncounted import *  # noqa: F403

__all__ = ["LIMITS", "rank"]

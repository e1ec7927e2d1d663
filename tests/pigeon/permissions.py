"""The pigeon's own permission. `Pigeon` declares it."""

from backoffice.roles import LEAD, grant

FEED_PIGEON = grant("pigeon.feed_pigeon", LEAD)

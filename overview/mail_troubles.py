"""Reports emails to owners that wait too long, as troubles."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notices.models import Notice
from overview.content import number
from overview.registry import Trouble

_LONG = timedelta(minutes=10)  # after two tries
_OLD = timedelta(days=1)  # what has failed for longer is one address, not the mail server


def waiting_mails() -> Iterator[Trouble]:
    """Yield one trouble if emails wait, with one query."""
    now = timezone.now()
    waiting = Notice.objects.filter(sent_at=None, created_at__lt=now - _LONG, created_at__gt=now - _OLD)
    found = waiting.order_by().aggregate(count=Count("pk"), since=Min("created_at"))
    if found["count"]:
        text = ngettext(
            "%(count)s email to a user is waiting to be sent.",
            "%(count)s emails to users are waiting to be sent.",
            found["count"],
        )
        tell = _("Emails from the login service are late.")
        yield Trouble(text % {"count": number(found["count"])}, tell, found["since"], "mails")

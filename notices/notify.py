"""Notifies owners of changes to their login: by email, and through devices that can carry notices."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from audit.models import SecurityEvent
from common.publishing import publish_soon
from notices import mailing
from notices.kinds import NoticeKind, find_by_event
from notices.models import Notice
from sign_in.methods import Option


def notify_owner(event: SecurityEvent, kind: NoticeKind, through: Sequence[Option] = ()) -> None:
    """Notify the owner of the event's account, in the event's transaction.

    Write one email, and one message to each device of `through` whose method carries notices. `through` are the devices
    before the change, so that the old number is notified too. A delay of one channel does not delay the others.
    """
    if event.account is None:
        return
    notice = Notice.objects.create(account=event.account, event=event, kind=kind)
    transaction.on_commit(partial(publish_soon, mailing.send_notice, notice.pk), robust=True)
    for option in through:
        option.method.send_notice(option.device, kind)


def device_changed(event: SecurityEvent, before: Sequence[Option]) -> None:
    """Notify the owner of a change of devices, in its transaction. `before` are the devices that the account had."""
    kind = find_by_event(event)
    if kind is not None:
        notify_owner(event, kind, before)

"""Owners are told of what changes their login: by mail, and through the devices that can carry a notice."""

from collections.abc import Sequence
from functools import partial

from django.db import transaction

from accounts import mailing
from accounts.methods import Option
from accounts.models import Notice, SecurityEvent
from accounts.notice_kinds import NoticeKind, find_by_event
from accounts.publishing import publish_soon


def owner(event: SecurityEvent, kind: NoticeKind, through: Sequence[Option] = ()) -> None:
    """Have the owner of the event's account told, in the event's transaction.

    One mail, and one message to each device of `through` whose method carries notices: those that the account had
    before the change, so that the old number hears of it. Each goes its own way: where the one is held up, the other
    is not.
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
        owner(event, kind, before)

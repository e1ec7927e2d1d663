"""Notifies owners of changes to their login: by email, and through devices that can carry notices."""

from collections.abc import Mapping, Sequence
from functools import partial

from django.db import transaction

from audit.models import SecurityEvent
from common.publishing import publish_soon
from notices import mailing, own_notices
from notices.kinds import NoticeKind, find_by_event
from notices.models import Notice
from sign_in import methods
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


def notify_owners(
    events: Sequence[SecurityEvent], kind: NoticeKind, former_addresses: Mapping[int, str] | None = None
) -> None:
    """Notify many owners at once, by email and through their devices, in the transaction of the events.

    `former_addresses` are the email addresses before the change, by account id: they get the notice too. The sweep
    sends the emails, because a task for each would delay everything else in the queue.
    """
    former = former_addresses or {}
    written = [(event, event.account_id or 0) for event in events]
    Notice.objects.bulk_create(
        (
            Notice(account_id=account_id, event=event, kind=kind, former_address=former.get(account_id, ""))
            for event, account_id in written
        ),
        batch_size=1000,
    )
    for _event, account_id in written:
        for option in methods.devices(account_id):
            option.method.send_notice(option.device, kind)


def password_changed(event: SecurityEvent) -> None:
    """Notify the owner of a new password, by email and through every device (ASVS 6.3.7), in its transaction."""
    notify_owner(event, own_notices.PASSWORD_CHANGED, methods.devices(event.account_id or 0))


def device_changed(event: SecurityEvent, before: Sequence[Option]) -> None:
    """Notify the owner of a change of devices, in its transaction. `before` are the devices that the account had."""
    kind = find_by_event(event)
    if kind is not None:
        notify_owner(event, kind, before)


def many_wrong_codes(sender: object, event: SecurityEvent, **kwargs: object) -> None:
    """Notify the owner of many wrong codes, by email. `event` is that of the last one."""
    device_changed(event, ())

"""Owners are told of what changes their login: by mail, and through the devices that can carry a notice."""

from collections.abc import Sequence

from accounts.methods import Option
from accounts.models import Notice, SecurityEvent


def owner(event: SecurityEvent, kind: Notice.Kind, through: Sequence[Option] = ()) -> None:
    """Have the owner of the event's account told, in the event's transaction.

    One mail, and one message to each device of `through` whose method carries notices: those that the account had
    before the change, so that the old number hears of it.
    """
    if event.account is None:
        return
    Notice.objects.create(account=event.account, event=event, kind=kind)
    for option in through:
        if option.method.tell is not None:
            option.method.tell(option.device, kind)

"""Changes that owners make to their devices: rename, choose the preferred one, remove, replace."""

from django.db import transaction
from django.utils.crypto import constant_time_compare
from django_otp.models import Device

from accounts.models import Account
from common.client_info import ClientInfo
from common.problems import flow_expired
from sign_in import methods
from sign_in.methods import Option, device_changes, device_rows, events
from sign_in.problems import device_gone, last_device


def find_device(registered: list[Option], slug: str, device_id: int) -> Option:
    """Return one of the account's devices. Raises `device_gone` if it is not among them."""
    for option in registered:
        if option.method.slug == slug and option.device.pk == device_id:
            return option
    raise device_gone()


def lock(account: Account) -> None:
    """Lock the account's row. Raises `flow_expired` if the password has changed or all sessions were ended.

    `account` is the row as the request has read it. Lock order: account, devices, dependents.
    """
    locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not constant_time_compare(locked.get_session_auth_hash(), account.get_session_auth_hash()):
        raise flow_expired()


def may_remove(registered: list[Option], option: Option) -> bool:
    """Return whether the account can still sign in without the device.

    Another usable device must remain that is not a backup.
    """
    others = (other for other in registered if other.device != option.device)
    return any(other.usable and not other.method.backup for other in others)


def remove(
    account: Account, slug: str, device_id: int, client: ClientInfo, session_id: str = ""
) -> tuple[Device, Device]:
    """Remove a device, write its event, and call the listeners. Return it and a device to bind the session to.

    Ends the sessions that are bound to the device, except the owner's own `session_id`.

    Raises `last_device` if no other usable device would remain. Backups do not count. The lock on the account keeps two
    simultaneous removals from deleting the last two devices.
    """
    with transaction.atomic():
        lock(account)
        registered = methods.devices(account.pk)
        option = find_device(registered, slug, device_id)
        if not may_remove(registered, option):
            raise last_device()
        event = events.device_removed(account, option.device, option.description.seen, client)
        device_changes.notify_listeners(event, registered)
        left = next(other.device for other in registered if other.usable and other.device != option.device)
        device_rows.delete(option.device, session_id)
    return option.device, left


def replace(old: Option, new: Device, session_id: str) -> None:
    """Delete a replaced device in the caller's transaction. The new one inherits its position as preferred device.

    Ends the sessions that are bound to the old device, except the owner's own `session_id`.
    """
    device_rows.replace_preferred(old.device, new.persistent_id)
    device_rows.delete(old.device, session_id)


def rename(account: Account, slug: str, device_id: int, name: str, client: ClientInfo) -> None:
    """Set the owner's name for a device. An empty name removes it."""
    with transaction.atomic():
        device = find_device(methods.devices(account.pk), slug, device_id).device
        device.name = name
        device.save(update_fields=["name"])
        events.device_renamed(account, device, client)


def prefer(account: Account, slug: str, device_id: int, client: ClientInfo) -> None:
    """Make a device the preferred one at sign-in."""
    with transaction.atomic():
        device = find_device(methods.devices(account.pk), slug, device_id).device
        Account.objects.filter(pk=account.pk).update(first_device=device.persistent_id)
        events.device_preferred(account, device, client)

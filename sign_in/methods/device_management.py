"""What owners do with the devices they have: name them, choose the first, remove them."""

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
    """Return one of an account's devices. Raises the page that says it is gone; another account's is no device."""
    for option in registered:
        if option.method.slug == slug and option.device.pk == device_id:
            return option
    raise device_gone()


def lock(account: Account) -> None:
    """Lock the account's row. Raises the page that says to start again where all its sessions have ended meanwhile.

    `account` is as the request has read it. First of all rows: account, then devices, then what hangs on them.
    """
    locked = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    if not constant_time_compare(locked.get_session_auth_hash(), account.get_session_auth_hash()):
        raise flow_expired()


def may_remove(registered: list[Option], option: Option) -> bool:
    """Whether the account can still sign in without it: another device is left that can be proven, and is no backup."""
    others = (other for other in registered if other.device != option.device)
    return any(other.usable and not other.method.backup for other in others)


def remove(account: Account, slug: str, device_id: int, client: ClientInfo) -> tuple[Device, Device]:
    """Remove a device with its event, and call the listeners. Return it, and one for the session to be bound to.

    Raises the page that says why not for the last one. Two removals at once leave one device.
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
        device_rows.delete(option.device)
    return option.device, left


def replace(old: Option, new: Device) -> None:
    """Delete a device whose place another takes, also as the first one. In the caller's transaction."""
    device_rows.forget_first(old.device, new.persistent_id)
    device_rows.delete(old.device)


def rename(account: Account, slug: str, device_id: int, name: str, client: ClientInfo) -> None:
    """Give a device a name of its owner's own; an empty one takes it away."""
    with transaction.atomic():
        device = find_device(methods.devices(account.pk), slug, device_id).device
        device.name = name
        device.save(update_fields=["name"])
        events.device_renamed(account, device, client)


def prefer(account: Account, slug: str, device_id: int, client: ClientInfo) -> None:
    """Have a device stand first at sign-in."""
    with transaction.atomic():
        device = find_device(methods.devices(account.pk), slug, device_id).device
        Account.objects.filter(pk=account.pk).update(first_device=device.persistent_id)
        events.device_preferred(account, device, client)

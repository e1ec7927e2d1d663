"""Rows of an account's devices, confirmed or not: finding and deleting them."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django_otp.models import Device

from accounts import states
from accounts.models import Account
from sessions import registry
from sign_in import methods
from sign_in.methods import device_changes


def all_devices(account_id: int) -> Iterator[Device]:
    """Yield every device of the account, including unconfirmed devices and used recovery codes."""
    for model in dict.fromkeys([*_models(), *(type(option.device) for option in methods.devices(account_id))]):
        yield from model._default_manager.filter(user_id=account_id)


def with_held(accounts: QuerySet[Account]) -> QuerySet[Account]:
    """Annotate each account with the device tables in which it has rows, for `held`."""
    rows = {f"held_{number}": model for number, model in enumerate(_models())}
    return accounts.annotate(
        **{name: Exists(model._default_manager.filter(user_id=OuterRef("pk"))) for name, model in rows.items()}
    )


def held(account: Account) -> set[type[Device]]:
    """Return the models of which the account has devices, confirmed or not. Needs no query after `with_held`."""
    if not hasattr(account, "held_0"):
        account = with_held(Account.objects.filter(pk=account.pk)).get()
    return {model for number, model in enumerate(_models()) if getattr(account, f"held_{number}")}


def _models() -> list[type[Device]]:
    return list(dict.fromkeys(model for method in methods.all_methods() for model in method.models))


def delete(device: Device, session_id: str = "") -> None:
    """Delete a device and its dependents, and end everything that depends on it, except the session `session_id`.

    Locks the device's row first, to serialize with concurrent writers of dependents.

    SECURITY: the account stays protected, even if the device was confirmed by other code than ours.
    """
    replace_preferred(device)
    method = methods.of_device(device)
    if device.confirmed and method is not None and not method.backup:
        states.protect(device.user_id)
    persistent_id = device.persistent_id
    for row in type(device)._default_manager.select_for_update().filter(pk=device.pk):
        row.delete()
    registry.end_bound_to(device.user_id, persistent_id, kept=session_id)
    device_changes.notify_removed(device.user_id, persistent_id)


def delete_all(account_id: int) -> list[str]:
    """Delete every device of the account, confirmed or not. Return the descriptions of the confirmed ones."""
    words = [f"{option.method.slug} {option.description.seen}".strip() for option in methods.devices(account_id)]
    for device in all_devices(account_id):
        delete(device)
    return words


def replace_preferred(device: Device, instead: str = "") -> None:
    """If the device is the preferred one, replace it as such by `instead`, a persistent id or empty."""
    Account.objects.filter(pk=device.user_id, first_device=device.persistent_id).update(first_device=instead)

"""The devices of an account as rows, confirmed or not: found and deleted."""

from collections.abc import Iterator

from django.db.models import IntegerField, Value
from django_otp.models import Device

from accounts import methods
from accounts.models import Account


def every(account_id: int) -> Iterator[Device]:
    """Yield every device of the account: also unconfirmed ones, and recovery codes that are used up."""
    models = [model for method in methods.all_methods() for model in method.models]
    for model in dict.fromkeys([*models, *(type(option.device) for option in methods.devices(account_id))]):
        yield from model._default_manager.filter(user_id=account_id)


def held(account_id: int) -> set[type[Device]]:
    """Return the tables in which the account has devices, confirmed or not; one query for all methods."""
    models = list(dict.fromkeys(model for method in methods.all_methods() for model in method.models))
    parts = [
        model._default_manager.filter(user_id=account_id).order_by().values_list(Value(number, IntegerField()))
        for number, model in enumerate(models)
    ]
    return {models[number] for (number,) in parts[0].union(*parts[1:])} if parts else set()


def delete(device: Device) -> None:
    """Delete a device, with what hangs on it; locked first, so that whoever writes that comes before or after."""
    forget_first(device)
    for row in type(device)._default_manager.select_for_update().filter(pk=device.pk):
        row.delete()


def delete_all(account_id: int) -> list[str]:
    """Delete every device of the account, confirmed or not, and return the words for the confirmed ones."""
    words = [f"{option.method.slug} {option.description.seen}".strip() for option in methods.devices(account_id)]
    for device in every(account_id):
        delete(device)
    return words


def forget_first(device: Device, instead: str = "") -> None:
    """Have another device, or none, stand first at sign-in where this one did."""
    Account.objects.filter(pk=device.user_id, first_device=device.persistent_id).update(first_device=instead)

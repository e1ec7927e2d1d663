"""The registry of second factors. Each app of a factor registers one `Method` in its `AppConfig.ready`."""

from collections.abc import Iterator

from django_otp.models import Device

from sign_in.methods.base import Method

_methods: dict[str, Method] = {}


def register(method: Method) -> None:
    """Add a method. Raises ValueError if its slug is taken."""
    if method.slug in _methods:
        raise ValueError(f"Method {method.slug!r} is registered twice.")
    _methods[method.slug] = method


def all_methods() -> Iterator[Method]:
    """Yield the methods in the order of their registration."""
    yield from _methods.values()


def by_slug(slug: str) -> Method | None:
    """Return the method of that name, if there is one."""
    return _methods.get(slug)


def of_device(device: Device) -> Method | None:
    """Return the method that a device belongs to."""
    return next((method for method in all_methods() if method.owns(device._meta.app_label)), None)

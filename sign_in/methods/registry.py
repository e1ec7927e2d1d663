"""The registry of methods. Each method's app registers one `Method` in its `AppConfig.ready`."""

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
    return _methods.get(slug)


def of_device(device: Device) -> Method | None:
    """Return the method of the device, or None if it is not registered."""
    return next((method for method in all_methods() if method.owns(device._meta.app_label)), None)

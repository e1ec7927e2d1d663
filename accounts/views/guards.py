"""Who may open a page."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import user_passes_test
from django.contrib.auth.models import AnonymousUser


def is_verified(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether someone is signed in, by a device that is still good."""
    return user.is_authenticated and getattr(user, "otp_device", None) is not None


verified_required = user_passes_test(is_verified)

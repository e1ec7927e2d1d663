"""Second factors: the registry of methods, their base class, and the devices that an account has and may use.

This package does not import any method's app. Throttling and verification are separate modules: the models of a method
need throttling, and only its use cases need verification.
"""

from sign_in.methods.base import Method, Words
from sign_in.methods.options import (
    Option,
    Standing,
    backups,
    devices,
    enrollable,
    expires_at,
    of_event,
    standing,
    standing_of,
    unused,
)
from sign_in.methods.registry import all_methods, by_slug, of_device, register

__all__ = [
    "Method",
    "Option",
    "Standing",
    "Words",
    "all_methods",
    "backups",
    "by_slug",
    "devices",
    "enrollable",
    "expires_at",
    "of_device",
    "of_event",
    "register",
    "standing",
    "standing_of",
    "unused",
]

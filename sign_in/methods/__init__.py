"""Second factors: the registry, the base class of a method, and what an account has and may use.

This package imports no factor. Throttling and the verification of a code are modules of their own, because the models
of a factor need the one and nothing but its use cases the other.
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

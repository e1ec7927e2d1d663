"""The hash of passwords."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2Hasher(Argon2PasswordHasher):
    """Argon2id with the least cost that OWASP's Password Storage Cheat Sheet recommends: 19 MiB, 2 passes, 1 lane.

    Django's own parameters take 100 MiB and 8 lanes. On the first morning of a semester they would take more than half
    of the work of a sign-in. Django replaces a hash with other parameters when its owner signs in.
    """

    memory_cost = 19 * 1024  # KiB
    time_cost = 2
    parallelism = 1

"""Encrypts every stored key under the newest secret, so that older secrets can be removed from the settings."""

from typing import Any

from django.core.management.base import BaseCommand

from mfa_totp import reencryption
from sso import keys


class Command(BaseCommand):
    help = "Encrypt the keys of authenticator apps and the signing keys under the first secret of their settings."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{reencryption.reencrypt()} keys of authenticator apps were encrypted again.")
        self.stdout.write(f"{keys.reencrypt()} signing keys were encrypted again.")

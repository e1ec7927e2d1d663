"""Seals the security events into a chain, and verifies it."""

from accounts.sealing.heads import accept, remembered
from accounts.sealing.links import Anchor
from accounts.sealing.sealer import seal
from accounts.sealing.verifier import Counts, Fault, Finding, verify

__all__ = ["Anchor", "Counts", "Fault", "Finding", "accept", "remembered", "seal", "verify"]

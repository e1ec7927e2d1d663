"""Seals the security events into a chain, and verifies it."""

from audit.sealing.checkpoints import accept, remembered
from audit.sealing.hash_chain import Checkpoint
from audit.sealing.sealer import seal
from audit.sealing.verifier import Counts, Finding, SealFault, verify

__all__ = ["Checkpoint", "Counts", "Finding", "SealFault", "accept", "remembered", "seal", "verify"]

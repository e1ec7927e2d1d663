"""Seals the security events in a hash chain, and verifies the chain."""

from audit.sealing.checkpoints import accept, remembered
from audit.sealing.hash_chain import Checkpoint
from audit.sealing.sealer import seal
from audit.sealing.verifier import Counts, Finding, SealFault, verify

__all__ = ["Checkpoint", "Counts", "Finding", "SealFault", "accept", "remembered", "seal", "verify"]

"""Proof of work: the browser searches for the counter whose derived key begins with a given prefix (altcha).

Solving costs the browser seconds and the server one derivation. altcha signs a puzzle but does not remember it. The
caller stores the puzzle, and lets each one pass once.
"""

import secrets
from typing import Any

import altcha

from common import keyed_digests

_GUESSES = (400, 1200)


def new_puzzle(cost: int) -> dict[str, Any]:
    """Return a puzzle that can be stored as JSON. `cost` is the number of PBKDF2 rounds per guess."""
    low, high = _GUESSES
    puzzle = altcha.create_challenge(
        "PBKDF2/SHA-256", cost, counter=low + secrets.randbelow(high - low), hmac_secret=_secrets()[0]
    )
    return dict(puzzle.to_dict())


def is_solved(puzzle: dict[str, Any], solution: str) -> bool:
    """Verify `counter:key` against the stored puzzle. Nothing else from the browser is used."""
    counter, _, key = solution[:200].partition(":")
    if not (counter.isascii() and counter.isdecimal() and len(counter) < 10):
        return False
    payload = altcha.Payload(
        challenge=altcha.Challenge.from_dict(puzzle),
        solution=altcha.Solution(counter=int(counter), derived_key=key),
    )
    return any(altcha.verify_solution(payload, secret).verified for secret in _secrets())


def _secrets() -> list[str]:
    return keyed_digests.all_digests("common.proof_of_work", "altcha")

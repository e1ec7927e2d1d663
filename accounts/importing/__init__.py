"""Accounts from a file: `records` (bytes to fields) → `rows` (what is valid) → `plan` (what differs) → `writing`.

Nothing is written unless every row is valid, and everything is written in one transaction.
"""

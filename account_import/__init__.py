"""Accounts from a file: `records` (bytes to fields) → `rows` (what is valid) → `plan` (what differs) → `writing`.

Nothing is written unless every row is valid, and everything is written in one transaction. The command calls these at
once; in the admin (`views`, `receiving`) a file is an `AccountImport`, whose steps are in `uploads` and whose words are
in `summary`.
"""

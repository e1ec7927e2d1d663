"""Imports accounts from a file: `records` (bytes to fields) → `rows` (validation) → `plan` (differences) → `writing`.

Nothing is written unless every row is valid. Everything is written in one transaction. The command runs all steps at
once. In the admin (`views`, `upload_form`), a file is an `AccountImport`. `uploads` has its steps and `summary` its
texts.
"""

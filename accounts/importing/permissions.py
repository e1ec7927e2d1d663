"""Permissions of the import of accounts. `AccountImport` declares them."""

from accounts.roles import ADMINISTRATOR, AUDITOR, grant, restrict_view

IMPORT_ACCOUNTS = grant("accounts.import_accounts", ADMINISTRATOR)

restrict_view("accounts.accountimport", AUDITOR, ADMINISTRATOR)

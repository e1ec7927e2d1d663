"""Permissions of the account import. `AccountImport` declares them."""

from backoffice.roles import ADMINISTRATOR, AUDITOR, grant, restrict_view

IMPORT_ACCOUNTS = grant("account_import.import_accounts", ADMINISTRATOR)

restrict_view("account_import.accountimport", AUDITOR, ADMINISTRATOR)

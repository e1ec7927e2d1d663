"""Permissions of access passes. `AccessPass` declares them."""

from backoffice.roles import HELPDESK, LEAD, grant

ISSUE_ACCESS_PASS = grant("mfa_pass.issue_access_pass", HELPDESK, LEAD)

"""Permissions of access passes. `AccessPass` declares them."""

from accounts.roles import HELPDESK, LEAD, grant

ISSUE_ACCESS_PASS = grant("mfa_pass.issue_access_pass", HELPDESK, LEAD)

"""The permission to issue access passes. `AccessPass` declares it."""

from backoffice.roles import HELPDESK, LEAD, grant

ISSUE_ACCESS_PASS = grant("mfa_pass.issue_access_pass", HELPDESK, LEAD)

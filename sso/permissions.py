"""Permissions of services, tenants and signing keys. The helpdesk sees only the links of accounts to Entra users."""

from backoffice.roles import ADMINISTRATOR, AUDITOR, HELPDESK, LEAD, grant, grant_edit, restrict_view

REMOVE_ENTRA_LINK = grant("sso.remove_entra_link", HELPDESK, LEAD)

grant_edit("sso.client", ADMINISTRATOR)
grant_edit("sso.tenant", ADMINISTRATOR)
for _model in ("sso.client", "sso.tenant", "sso.signingkey"):
    restrict_view(_model, AUDITOR, ADMINISTRATOR)

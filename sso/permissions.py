"""Permissions of services, tenants and signing keys. The helpdesk sees none of them."""

from backoffice.roles import ADMINISTRATOR, AUDITOR, grant_edit, restrict_view

grant_edit("sso.client", ADMINISTRATOR)
grant_edit("sso.tenant", ADMINISTRATOR)
for _model in ("sso.client", "sso.tenant", "sso.signingkey"):
    restrict_view(_model, AUDITOR, ADMINISTRATOR)

"""The tasks of this app, for Celery's discovery. Each is next to the function that it runs."""

from sso.entra.attempts import purge_entra_attempts
from sso.oidc.backchannel_logout import purge_grants, send_backchannel_logout, sweep_backchannel_logouts

__all__ = ["purge_entra_attempts", "purge_grants", "send_backchannel_logout", "sweep_backchannel_logouts"]

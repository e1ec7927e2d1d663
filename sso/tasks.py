"""The tasks of this app, for Celery's discovery. Each is next to the function that it runs."""

from sso.oidc.backchannel_logout import send_backchannel_logout, sweep_backchannel_logouts

__all__ = ["send_backchannel_logout", "sweep_backchannel_logouts"]

"""The OpenID Connect provider: what services ask, and what they are told."""

"""The OpenID Connect provider: its endpoints for services, and the claims that services receive."""

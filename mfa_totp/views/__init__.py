"""Views of the authenticator app. They handle HTTP only: forms validate input, use cases act."""

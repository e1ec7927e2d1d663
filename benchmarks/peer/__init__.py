"""A small project with django-two-factor-auth and its phone plugin, to compare a sign-in with."""

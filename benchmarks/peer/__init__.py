"""A small project around django-two-factor-auth with its phone plugin, to measure a sign-in against."""

"""The Django project: settings, URLs, Celery, system checks, health."""

from kumfa.celery import app as celery_app

__all__ = ["celery_app"]

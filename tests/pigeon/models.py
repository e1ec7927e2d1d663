"""The device: a pigeon and its word."""

from django.db import models
from django_otp.models import Device, TimestampMixin

from sign_in.methods.throttling import CappedThrottlingMixin


class Pigeon(TimestampMixin, CappedThrottlingMixin, Device):
    """A pigeon that brings one word."""

    word = models.CharField(max_length=20)

    class Meta:
        verbose_name = "pigeon"
        permissions = [("feed_pigeon", "Can feed a pigeon")]

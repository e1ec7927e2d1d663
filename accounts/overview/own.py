"""What the accounts themselves bring to the overview."""

from django.utils.translation import gettext_lazy as _

from accounts.overview import devices, enrollment, locks, registry
from accounts.overview.registry import Counter, Figure, Gauge, Sentence


def register_all() -> None:
    """Register it; once, when the app is loaded."""
    registry.measure(Gauge(enrollment.ACCOUNTS, enrollment.measure_accounts))
    registry.measure(Gauge(enrollment.CAMPAIGNS, enrollment.measure_campaigns))
    registry.measure(Gauge(devices.METHODS, devices.measure_methods))
    registry.measure(Gauge(devices.LOCKED, devices.measure_locked))
    registry.count(Counter(locks.LOCKS, locks.count))
    registry.say(Sentence(10, (enrollment.ACCOUNTS,), enrollment.say_enrolled))
    registry.say(Sentence(40, (devices.LOCKED,), devices.say_locked))
    registry.show(
        Figure(
            10,
            "enrolled",
            _("Enrolled"),
            enrollment.make,
            gauges=(enrollment.ACCOUNTS, enrollment.CAMPAIGNS),
        )
    )
    registry.show(Figure(50, "locks", _("Locks by cause"), locks.make, counts=(locks.LOCKS,)))
    registry.show(Figure(60, "methods", _("Methods in use"), devices.make, gauges=(devices.METHODS,)))

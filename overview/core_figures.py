"""The figures and sentences that do not belong to a factor: enrollment, methods and locks."""

from django.utils.translation import gettext_lazy as _

from overview import devices, enrollment, limit_alarms, locks, mail_troubles, registry
from overview.registry import Counter, Figure, Gauge, Sentence


def register_all() -> None:
    """Register them. Called once, when the app is loaded."""
    registry.register_gauge(Gauge(enrollment.ACCOUNTS, enrollment.measure_accounts))
    registry.register_gauge(Gauge(devices.METHODS, devices.measure_methods))
    registry.register_gauge(Gauge(devices.LOCKED, devices.measure_locked))
    registry.register_counter(Counter(locks.LOCKS, locks.count_locks))
    registry.register_trouble(limit_alarms.limit_troubles)
    registry.register_trouble(mail_troubles.waiting_mails)
    registry.register_sentence(Sentence(10, (enrollment.ACCOUNTS,), enrollment.say_enrolled))
    registry.register_sentence(Sentence(40, (devices.LOCKED,), devices.say_locked))
    registry.register_figure(
        Figure(
            10,
            enrollment.FIGURE,
            _("Enrolled"),
            enrollment.make_enrollment_figure,
            gauges=(enrollment.ACCOUNTS,),
        )
    )
    registry.register_figure(Figure(50, "locks", _("Locks by cause"), locks.make_locks_figure, counts=(locks.LOCKS,)))
    registry.register_figure(
        Figure(60, "methods", _("Methods in use"), devices.make_methods_figure, gauges=(devices.METHODS,))
    )

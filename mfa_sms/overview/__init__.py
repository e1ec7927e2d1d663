"""What text messages and gateways bring to the first page of the admin."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.overview import registry
from accounts.overview.registry import Counter, Figure, Sentence


def register_all() -> None:
    """Register it; once, when the app is loaded."""
    from mfa_sms.overview import gateways, messages, rates, seconds

    registry.count(Counter(messages.MESSAGES, messages.count))
    registry.count(Counter(seconds.SECONDS, seconds.count))
    registry.count(Counter(gateways.SWITCHES, gateways.count))
    registry.count(Counter(rates.GATEWAYS, rates.count_by_gateway))
    registry.count(Counter(rates.COUNTRIES, rates.count_by_country, known=lambda: settings.SMS_NUMBERS_KEPT))
    registry.say(Sentence(20, (messages.MESSAGES,), messages.say))
    registry.say(Sentence(30, (seconds.SECONDS,), seconds.say))
    registry.say(Sentence(50, (), gateways.say))
    registry.show(
        Figure(
            20,
            "messages",
            _("Text messages by outcome"),
            messages.make,
            counts=(messages.MESSAGES, gateways.SWITCHES),
            nobodys=(gateways.SWITCHES,),
        )
    )
    registry.show(Figure(30, "gateways", _("Failures by gateway"), rates.make_by_gateway, totals=(rates.GATEWAYS,)))
    registry.show(Figure(40, "countries", _("Failures by country"), rates.make_by_country, totals=(rates.COUNTRIES,)))

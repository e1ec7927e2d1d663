"""Text messages and gateways on the admin's overview page."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from mfa_sms.overview import gateways, messages, rates, seconds, troubles
from overview import registry
from overview.registry import Counter, Figure, Sentence


def register_all() -> None:
    """Register the counters, sentences and figures. Call it once, when the app is loaded."""
    registry.register_counter(Counter(messages.MESSAGES, messages.count_messages))
    registry.register_counter(Counter(seconds.SECONDS, seconds.count_seconds))
    registry.register_counter(Counter(gateways.SWITCHES, gateways.count_switches))
    registry.register_counter(Counter(rates.GATEWAYS, rates.count_by_gateway))
    registry.register_counter(Counter(rates.COUNTRIES, rates.count_by_country, known=lambda: settings.SMS_NUMBERS_KEPT))
    registry.register_trouble(troubles.message_troubles)
    registry.register_sentence(Sentence(20, (messages.MESSAGES,), messages.say_messages))
    registry.register_sentence(Sentence(30, (seconds.SECONDS,), seconds.say_seconds))
    registry.register_figure(
        Figure(
            20,
            "messages",
            _("Text messages by outcome"),
            messages.make_messages_figure,
            counts=(messages.MESSAGES, gateways.SWITCHES),
            nobodys=(gateways.SWITCHES,),
        )
    )
    registry.register_figure(
        Figure(30, "gateways", _("Failures by gateway"), rates.make_by_gateway, totals=(rates.GATEWAYS,))
    )
    registry.register_figure(
        Figure(40, "countries", _("Failures by country"), rates.make_by_country, totals=(rates.COUNTRIES,))
    )

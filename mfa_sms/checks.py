"""System checks for settings that would make the first message fail."""

import re
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from mfa_sms import gateways, gsm, texts
from mfa_sms.budgets import LONGEST_HOST
from mfa_sms.models import Purpose

_SENDER = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9 &+_.-]{1,11}")


@register()
def gateways_are_known(**kwargs: Any) -> list[CheckMessage]:
    """Check that every URL in SMS_GATEWAYS configures a gateway under a name of its own."""
    messages: list[CheckMessage] = []
    if not settings.SMS_GATEWAYS:
        messages.append(Error("SMS_GATEWAYS is empty: no code can be sent.", id="mfa_sms.E001"))
    slugs: set[str] = set()
    for position, url in enumerate(settings.SMS_GATEWAYS, start=1):
        # SECURITY: the URL contains credentials and is not repeated here.
        where = f"SMS_GATEWAYS, entry {position}"
        try:
            gateway = gateways.from_url(url)
        except gateways.BadGatewayUrl as error:
            messages.append(Error(f"{where}: {error}", id="mfa_sms.E002"))
            continue
        if gateway.slug in slugs:
            said = f"{where}: an earlier gateway is named {gateway.slug!r} too, so that receipts cannot be told apart."
            messages.append(Error(said, hint="Give it a name of its own: ?name=second", id="mfa_sms.E007"))
        if gateway.wants_receipts and not gateway.can_verify_receipts:
            said = f"{where}: {gateway.slug!r} has no secret, so that every receipt is refused."
            messages.append(Warning(said, hint="Add ?secret=, as entered at the gateway.", id="mfa_sms.W008"))
        slugs.add(gateway.slug)
    return messages


@register()
def sender_is_short(**kwargs: Any) -> list[CheckMessage]:
    """Check the alphanumeric sender. Networks carry at most eleven characters, and providers only plain ones."""
    if _SENDER.fullmatch(settings.SMS_SENDER):
        return []
    said = "SMS_SENDER must have 1 to 11 letters (a-z), digits, spaces and & + _ . -, with at least one letter."
    return [Error(said, id="mfa_sms.E003")]


@register()
def every_country_has_a_gateway(**kwargs: Any) -> list[CheckMessage]:
    """Check that some gateway carries messages to each country of SMS_COUNTRIES."""
    try:
        routes = [gateways.route_of(gateway) for gateway in gateways.configured()]
    except gateways.BadGatewayUrl:
        return []
    missing = [region for region in settings.SMS_COUNTRIES if not any(route.carries(region) for route in routes)]
    if not missing or not routes:
        return []
    said = f"SMS_GATEWAYS: no gateway carries messages to {', '.join(missing)}, which SMS_COUNTRIES lists."
    return [Error(said, hint="Change ?countries= of a gateway.", id="mfa_sms.E009")]


@register()
def host_is_short(**kwargs: Any) -> list[CheckMessage]:
    """Check the host of PORTAL_URL, which the last line of each code's message names. Texts leave room for so much."""
    length = len(settings.PORTAL_HOST)
    if length <= LONGEST_HOST:
        return []
    said = (
        f"The host in PORTAL_URL has {length} characters; browsers fill in codes only if it has at most {LONGEST_HOST}."
    )
    return [Warning(said, hint="Use a shorter host in PORTAL_URL.", id="mfa_sms.W006")]


@register()
def texts_fit(**kwargs: Any) -> list[CheckMessage]:
    """Check that every text in every language is one GSM-7 message.

    The texts include this portal's host and support phone number. `make words` checks them for every allowed host.
    """
    messages: list[CheckMessage] = []
    for language, _name in settings.LANGUAGES:
        for purpose in Purpose:
            text = texts.compose(purpose, language, "000000", settings.PORTAL_HOST)
            messages += _unfit(text, f"The text message {purpose.value!r} in {language!r}")
        for name, words in texts.notice_texts().items():
            messages += _unfit(texts.compose_notice(words, language), f"The notice {name!r} in {language!r}")
        messages += _unfit(texts.compose_test(language), f"The test in {language!r}")
    return messages


def _unfit(text: str, where: str) -> list[CheckMessage]:
    measure = gsm.measure(text)
    if not measure.gsm7:
        return [Error(f"{where} has characters outside GSM-7: {gsm.foreign(text)}", id="mfa_sms.E004")]
    if measure.parts > 1:
        return [Error(f"{where} has {measure.units} septets and needs two messages.", id="mfa_sms.E005")]
    return []

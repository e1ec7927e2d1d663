"""An account's recent messages on its helpdesk page, with notes on faults of our own."""

from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import urlencode

from django.db.models import Exists, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Account
from audit.models import SecurityEvent
from backoffice.search_terms import seal_term
from common import languages
from common.clock import ago
from helpdesk.registry import AccountSection, HistoryEntry, HistoryGroup
from mfa_sms import breaker, delivery_status, events, gateways, numbers
from mfa_sms.eligibility import may_use_sms
from mfa_sms.models import SmsDevice, TextMessage
from mfa_sms.numbers import NotANumber, NumberFault
from mfa_sms.problems import why_refused
from sign_in.methods import Option

_SHOWN = 10
_LONG = timedelta(minutes=1)  # a healthy queue takes milliseconds
_YESTERDAY = timedelta(days=1)  # people call about a refused number on the same day
_COUNTED = 1000  # cap for counting; more makes no difference
_FIELDS = (
    *("created_at", "expires_at", "number", "purpose", "notice"),
    *("status", "status_at", "error", "gateway", "tries"),
)


def make_section(account: Account, registered: Sequence[Option]) -> AccountSection:
    """Return the section, in at most five queries."""
    own = TextMessage.objects.filter(account=account).order_by("-created_at").only(*_FIELDS)
    messages = list(own.annotate(late=Exists(_late()))[:_SHOWN])
    waits = not messages or bool(getattr(messages[0], "late", True))
    troubles = [*_gateway_trouble(), _queue() if waits else ""] if _uses_messages(account, registered) else []
    notes = [
        *([] if registered else _waiting_number(account)),
        *_refused(account, registered),
        *_countries(registered),
    ]
    return AccountSection(
        title=_("Messages"),
        facts=((_("Last text message"), _last(messages)),),
        troubles=tuple(filter(None, troubles)),
        notes=tuple(filter(None, notes)),
        advice="" if any(troubles) else _advice(messages),
        entries=tuple(_entry(message) for message in messages),
        more=f"{reverse('admin:mfa_sms_textmessage_changelist')}?{urlencode({'q': seal_term(account.username)})}",
    )


def _uses_messages(account: Account, registered: Sequence[Option]) -> bool:
    """Return whether the account may get codes: an outage explains nothing to somebody who must use an app."""
    return may_use_sms(account) or any(option.usable for option in registered if isinstance(option.device, SmsDevice))


def _advice(messages: Sequence[TextMessage]) -> str:
    """Return what to tell the owner about the newest code while it can still be entered, or an empty string."""
    codes = [message for message in messages if message.purpose != TextMessage.NOTICE]
    if not codes or codes[0].expires_at <= timezone.now():
        return ""
    return delivery_status.status_advice(delivery_status.delivery_status(codes[0]))


def purpose(message: TextMessage) -> str:
    return _("Test message") if message.notice == TextMessage.TEST else str(message.get_purpose_display())


def _entry(message: TextMessage) -> HistoryEntry:
    fate = delivery_status.delivery_status(message)
    tries = ngettext("%(count)d try", "%(count)d tries", message.tries) % {"count": message.tries}
    words = (
        delivery_status.status_name(fate),
        numbers.mask_number(message.number),
        message.gateway,
        tries if message.tries > 1 else "",
    )
    # Translators: %(purpose)s is what a text message is for, for example "Login".
    what = _("Text message: %(purpose)s") % {"purpose": purpose(message)}
    failed = delivery_status.has_failed(fate)
    return HistoryEntry(message.created_at, HistoryGroup.MESSAGES, what, " · ".join(filter(None, words)), failed=failed)


def _last(messages: Sequence[TextMessage]) -> str:
    if not messages:
        return _("none")
    status = delivery_status.status_name(delivery_status.delivery_status(messages[0]))
    return f"{ago(messages[0].created_at)}: {status}"


def _gateway_trouble() -> list[str]:
    names, out = breaker.gateways_out_of_service(), breaker.disabled_gateways()
    slugs = [gateway.slug for gateway in gateways.configured()]
    if slugs and out.issuperset(slugs):
        return [
            _("The problem is on our side: IT has taken every gateway out of service. No text message can be sent.")
        ]
    if breaker.all_out_of_service(gateways.configured()):
        return [_("The problem is on our side: no gateway is working right now.")]
    faults = _(
        "The problem may be on our side: these gateways are paused after errors: %(gateways)s. "
        "Messages go through the others."
    )
    taken = _(
        "The problem is on our side: IT has taken these gateways out of service: %(gateways)s. "
        "Messages go through the others."
    )
    said = ((faults, [slug for slug in slugs if slug in names - out]), (taken, [slug for slug in slugs if slug in out]))
    return [text % {"gateways": ", ".join(found)} for text, found in said if found]


def _late() -> QuerySet[TextMessage]:
    """Return the codes that have waited too long. Notices are allowed to wait."""
    late = TextMessage.objects.filter(status__in=["queued", "sending"], created_at__lt=timezone.now() - _LONG)
    return late.exclude(purpose=TextMessage.NOTICE).order_by()


def _queue() -> str:
    """Return a note with the number of codes that have waited too long, or an empty string."""
    count = _late()[:_COUNTED].count()
    if not count:
        return ""
    return ngettext(
        "The problem is on our side: %(count)d code has waited for more than a minute.",
        "The problem is on our side: %(count)d codes have waited for more than a minute.",
        count,
    ) % {"count": count}


def _waiting_number(account: Account) -> list[str]:
    phone = SmsDevice.objects.filter(user=account, confirmed=False, by_agent=True).first()
    if phone is None:
        return []
    text = _("IT Support has registered %(number)s. The student has not confirmed it yet.")
    return [text % {"number": numbers.mask_number(phone.number)}]


def _refused(account: Account, registered: Sequence[Option]) -> list[str]:
    """Return a note on the number that was refused last, showing only its country.

    A refusal before the newest phone was registered is ignored.
    """
    phones = [option.device for option in registered if isinstance(option.device, SmsDevice)]
    since = max([timezone.now() - _YESTERDAY, *(phone.created_at for phone in phones if phone.created_at)])
    reasons = (NumberFault.COUNTRY_REFUSED.value, NumberFault.TYPE_REFUSED.value)
    refused = SecurityEvent.objects.filter(account=account, kind=events.CODE_NOT_SENT, reason__in=reasons)
    last = refused.filter(at__gt=since).order_by("-at").first()
    if last is None:
        return []
    # Translators: %(when)s is "today at 14:05 (2 min. ago)", %(why)s is a sentence.
    text = _("The student entered a number that was refused, %(when)s. %(why)s")
    why = why_refused(NotANumber(NumberFault(last.reason), last.detail))
    return [text % {"when": ago(last.at, in_sentence=True), "why": why}]


def _countries(registered: Sequence[Option]) -> list[str]:
    """Return notes on numbers in countries where we accept no new numbers.

    Such numbers keep working until they are removed.
    """
    phones = [option.device for option in registered if isinstance(option.device, SmsDevice)]
    foreign = [phone for phone in phones if not numbers.is_allowed_country(phone.number)]
    text = _("We no longer accept new numbers from %(country)s. %(number)s cannot be registered again.")
    return [
        text
        % {
            "number": numbers.mask_number(phone.number),
            "country": numbers.country_of(phone.number, languages.current()),
        }
        for phone in foreign
    ]

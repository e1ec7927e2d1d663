"""The search for the owners of a full phone number.

SECURITY: a number opens a person's name, and an agent could guess the hidden digits of a number. So the search has a
permission and a limit of its own, and writes an event for each account that it finds. The number is written nowhere.
"""

import re

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Account
from backoffice.finders import Finding, register_finder
from common.client_info import ClientInfo
from limits import catalogue, counting, refusals
from limits.problems import limit_reached
from mfa_sms import events, numbers, permissions

_MOST = 20  # accounts; a rule keeps a number from far fewer
_LIKE_A_NUMBER = re.compile(r"\D*(?:\d\D{0,3}){8,15}")


def find_by_number(agent: Account, typed: str, client: ClientInfo) -> Finding | None:
    """Return the accounts with that confirmed number, or None if the text is no full number.

    Raises the 429 `Problem` if the agent has searched too often.
    """
    number = numbers.read_number(typed, "DK") if _LIKE_A_NUMBER.fullmatch(typed.strip()) else None
    if number is None:
        return None
    if not agent.has_perm(permissions.SEARCH_BY_NUMBER):
        return Finding(said=_("Your role does not search by full numbers. Search by the last two digits."))
    with transaction.atomic():
        found = list(Account.objects.filter(sms_devices__number=number, sms_devices__confirmed=True).distinct()[:_MOST])
        for account in found:
            events.number_searched(agent, account, client)
        if not found:
            events.number_searched(agent, None, client)
        refusal = counting.take(catalogue.NUMBER_SEARCHES_OF_AGENT, str(agent.pk))
        if refusal is not None:
            transaction.set_rollback(True)
    if refusal is not None:
        refusals.record(refusal, client, agent)
        raise limit_reached(refusal)
    return Finding([account.pk for account in found])


def register_all() -> None:
    register_finder(gettext_lazy("a full phone number"), find_by_number)

"""The actions of the staff: import accounts, run the campaign, answer calls, handle cases."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.utils import timezone

from account_import import writing
from accounts.models import Account
from audit.models import SecurityEvent
from campaigns import events as campaign_events
from campaigns import reminder_mails, reminders
from campaigns.models import EnrollmentCampaign, Reminder
from common.client_info import ClientInfo
from demo import people
from demo.clock import Clock
from demo.history.cast import Persona
from demo.history.network import Network
from helpdesk import cases, perform, registry
from helpdesk.models import Case, Document, IdentityProof
from notices import compromise_reports
from notices.models import Notice
from sign_in import methods
from sign_in.methods import events

_DESK = ClientInfo("192.0.2.17", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Edg/141.0.0.0")
# For each frequent helpdesk action: its weight, and the fields that it needs besides proof and case number.
_ACTIONS: dict[str, tuple[int, dict[str, Any]]] = {
    "unlock": (6, {}),
    "end-sessions": (3, {}),
    "access-pass": (2, {"life": timedelta(hours=1), "more_than_once": False}),
}
CAMPAIGN = "To-faktor-login for studerende"


@dataclass
class Desk:
    """Acts as the staff, through the functions behind the admin."""

    clock: Clock
    network: Network
    rng: Random

    def import_accounts(self, personas: list[Persona]) -> None:
        """Import accounts, all with the demo's password."""
        rows = {persona.username: persona.row for persona in personas}
        writing.apply(rows, lambda *_progress: None, deactivate_missing=False, force=False, actor=_administrator())
        imported = Account.objects.filter(username__in=rows)
        imported.update(password=people.password_hash(), password_changed_at=timezone.now())

    def begin_campaign(self, deadline: datetime) -> None:
        """Create the students' campaign. It opens now."""
        campaign = EnrollmentCampaign.objects.create(
            name=CAMPAIGN,
            audience=EnrollmentCampaign.Audience.STUDENTS,
            opens_at=timezone.now(),
            deadline=deadline,
            text_da="Alle studerende skal have to-faktor-login. Det tager to minutter, og du skal bruge din mobil.",
            text_en="All students need two-factor login. It takes two minutes, and you need your mobile phone.",
            remind_days="33, 26, 14, 7, 1",
        )
        detail = f"audience={campaign.audience} opens={campaign.opens_at:%Y-%m-%d} deadline={deadline:%Y-%m-%d}"
        campaign_events.campaign_changed(_administrator(), campaign.name, detail, _DESK)

    def remind(self) -> None:
        """Start the reminders that are due today."""
        reminders.sweep_reminders()

    def mail(self) -> None:
        """Send the mails of all unfinished reminders."""
        for reminder_id in Reminder.objects.filter(finished_at=None).values_list("pk", flat=True):
            reminder_mails.send_reminder(reminder_id)

    def call(self, persona: Persona, slug: str = "") -> None:
        """Perform a helpdesk action for a caller. `slug` names it; if empty, choose a frequent one at random.

        Do nothing if the action does not apply to the account.
        """
        slug = slug or self.rng.choices(list(_ACTIONS), [often for often, _said in _ACTIONS.values()])[0]
        action = registry.by_slug(slug)
        account = Account.objects.get(username=persona.username)
        if action is None or not action.applies(account, methods.devices(account.pk)):
            return
        self.clock.forward(self.rng.uniform(60, 240))
        said = {**self._proof(), "case_number": self._case_number(), "replaces": True, **_ACTIONS[slug][1]}
        perform.perform_action(_agent(), action, account, said, _DESK)
        self.network.carry()

    def report(self, username: str) -> None:
        """Have an owner report the last enrollment of a method as compromised, and an agent take the case."""
        rows = SecurityEvent.objects.filter(account__username=username, kind=events.DEVICE_ENROLLED)
        event = rows.order_by("pk").last()
        if event is None:
            return
        compromise_reports.report_compromise(event, ClientInfo("203.0.113.77", _DESK.browser))
        self.clock.forward(900)
        case = Case.objects.get(event=event, kind=Case.Kind.REPORTED)
        cases.take_case(_agent(), case, "", _DESK)
        cases.note_case(_agent(), case, "Ringet op, ingen svarede. Prøver igen i morgen.")

    def close_day(self) -> None:
        """Mark every notice of the day as sent: no mail leaves the machine."""
        Notice.objects.filter(sent_at=None).update(sent_at=timezone.now(), tries=1, tried_at=timezone.now())

    def _proof(self) -> dict[str, str]:
        proof = self.rng.choice([IdentityProof.IN_PERSON, IdentityProof.VIDEO, IdentityProof.MITID])
        document = "" if proof is IdentityProof.MITID else self.rng.choice(Document.values)
        return {"proof": proof.value, "document": document, "document_end": f"{self.rng.randrange(10_000):04}"}

    def _case_number(self) -> str:
        return f"INC{self.rng.randrange(10_000, 99_999)}"


def ask_approval() -> None:
    """Have one lead request another's approval, unless a request is waiting. A request expires after an hour."""
    action = registry.by_slug("reset")
    account = Account.objects.get(username=people.AUDITOR.username)
    said = {"proof": IdentityProof.IN_PERSON.value, "case_number": "INC48213", "note": "Ny telefon, den gamle er væk."}
    if action is not None:
        perform.perform_action(people.ensure(people.SECOND_LEAD), action, account, said, _DESK)


def _agent() -> Account:
    return Account.objects.get(username=people.AGENT.username)


def _administrator() -> Account:
    return Account.objects.get(username=people.ADMINISTRATOR.username)

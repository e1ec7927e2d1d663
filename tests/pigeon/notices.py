"""The pigeon's own kind of notice: a mail and a text message."""

from notices.kinds import NoticeKind, register
from tests.pigeon import events

PIGEON_SENT = register(
    NoticeKind(
        "pigeon_sent",
        "En due blev sendt",
        event_kind=events.PIGEON_SENT,
        subject="En due blev sendt fra din KU-konto",
        text=lambda event: "En due med dit ord landede hos os.",
        sms="En due blev sendt fra din KU-konto. Var det ikke dig? Ring til %(phone)s.",
        report_locks_device=True,
    )
)

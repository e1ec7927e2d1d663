"""The access of the session engines to our table. The last use has an UPDATE of its own."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from sessions.signed_in import KEY, SignedIn, moment

if TYPE_CHECKING:
    from sessions.models import Session

    _Base = DatabaseStore
else:
    _Base = object


class SessionTableMixin(_Base):
    """Stores sessions in the table `sessions.Session`. Must precede the engine in the MRO."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model of our table."""
        # Django imports the engine in its middleware, and asks for the model later.
        from sessions.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row for the session's data, with all columns set."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        signed_in = SignedIn.of(data)
        if signed_in is None:
            # SECURITY: anyone can add such rows, so they stay little longer than a sign-in may take.
            row.expire_date = min(row.expire_date, timezone.now() + 2 * settings.PENDING_SIGN_IN_LIFE)
        else:
            row.account_id = signed_in.account_id
            row.signed_in_at = moment(signed_in.at)
            row.seen_at = moment(signed_in.seen)
            row.address = signed_in.address
            row.browser = signed_in.browser
            row.is_remembered = signed_in.is_remembered
            row.expire_date = signed_in.kept_until
        return row

    def load(self) -> dict[str, Any]:
        """Return the session's data, or an empty dictionary if the session does not exist."""
        row = self._get_session_from_db()  # type: ignore[attr-defined]
        return session_data(row) if row else {}

    def seen(self) -> bool:
        """Record that the session is used now. Return False if another request has ended or moved it.

        This is a separate UPDATE: saving the whole session could overwrite the changes of another request.
        """
        signed_in = SignedIn.of(self)
        if signed_in is None:
            return True
        signed_in = replace(signed_in, seen=time.time())
        self._session[KEY] = asdict(signed_in)  # type: ignore[attr-defined]
        rows = self.get_model_class().objects.filter(session_key=self.session_key)
        return bool(rows.update(seen_at=moment(signed_in.seen), expire_date=signed_in.kept_until))

    @classmethod
    def end(cls, keys: Collection[str]) -> int:
        """End the sessions with these keys in all browsers. Return the number of deleted rows."""
        return cls.get_model_class().objects.filter(session_key__in=keys).delete()[0]


def session_data(row: Session) -> dict[str, Any]:
    """Return the session's data from its row. The last use comes from the column, which is more recent."""
    data: dict[str, Any] = row.get_decoded()
    if KEY in data and row.seen_at is not None:
        data[KEY] = {**data[KEY], "seen": row.seen_at.timestamp()}
    return data

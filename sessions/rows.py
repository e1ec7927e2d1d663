"""The table of the sessions: its columns are written with the session, and the last use by itself."""

from __future__ import annotations

import time
from collections.abc import Collection
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from sessions.signed_in import KEY, SignedIn, moment

if TYPE_CHECKING:
    from sessions.models import Session

    _Base = DatabaseStore
else:
    _Base = object


class InOurTable(_Base):
    """Keeps sessions in `sessions.Session`. Stands left of the engine it changes."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the table."""
        # Django imports the engine in its middleware, and asks for the model later.
        from sessions.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Return the row of what the session holds, each column filled."""
        row: Session = super().create_model_instance(data)  # type: ignore[assignment]
        signed_in = SignedIn.of(data)
        if signed_in is not None:
            row.account_id = signed_in.account_id
            row.signed_in_at = moment(signed_in.at)
            row.seen_at = moment(signed_in.seen)
            row.address = signed_in.address
            row.browser = signed_in.browser
            row.is_remembered = signed_in.is_remembered
            row.expire_date = signed_in.kept_until
        return row

    def load(self) -> dict[str, Any]:
        """Return what the session holds, nothing where there is none."""
        row = self._get_session_from_db()  # type: ignore[attr-defined]
        return holdings(row) if row else {}

    def seen(self) -> bool:
        """Note that the session is used now; False where another request has ended or moved it.

        By a statement of its own: saving the session instead would undo what another request has just saved.
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
        """End the sessions with these keys, wherever they are used; return how many there were."""
        return cls.get_model_class().objects.filter(session_key__in=keys).delete()[0]


def holdings(row: Session) -> dict[str, Any]:
    """Return what a row's session holds; when it was last used is known best to the column."""
    data: dict[str, Any] = row.get_decoded()
    if KEY in data and row.seen_at is not None:
        data[KEY] = {**data[KEY], "seen": row.seen_at.timestamp()}
    return data

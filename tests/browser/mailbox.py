"""Mails to one address, read from the portal's folder of mails."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from tests.browser.people import wait_for

_LINK = re.compile(r"/report/\S+")
_END = b"-" * 79 + b"\n"  # after each mail


@dataclass(frozen=True)
class Mailbox:
    """The mails to one person."""

    var: Path
    address: str

    def text(self, subject: str) -> str:
        """Wait for the mail with this subject, and return its text."""
        wait_for(lambda: subject in self._received(), f"a mail to {self.address}: {subject}")
        return self._received()[subject]

    def report_link(self) -> str:
        """Wait for a mail with a link to a compromise report. Return the path of the newest link."""
        wait_for(lambda: bool(self._links()), f"a link for {self.address}")
        return self._links()[-1]

    def _links(self) -> list[str]:
        return [found[0] for text in self._received().values() if (found := _LINK.search(text))]

    def _received(self) -> dict[str, str]:
        # The name of a file begins with the time when it was opened.
        files = [path.read_bytes() for path in sorted((self.var / "mail").glob("*.log"))]
        # The portal is still writing a file that does not end with this line.
        whole = [written.removesuffix(_END) for written in files if written.endswith(_END)]
        mails = [message_from_bytes(written, EmailMessage, policy=policy.default) for written in whole]
        return {str(mail["Subject"]): _text(mail) for mail in mails if mail["To"] == self.address}


def _text(mail: EmailMessage) -> str:
    """Return the text part of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())

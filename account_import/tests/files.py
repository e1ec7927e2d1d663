"""Account files for tests, and requests that upload and apply them."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from account_import.models import AccountImport
from accounts.models import Account
from tests.fixtures import Browser

HEADER = "username,first_name,last_name,email,student,employee,language"
ANNA = "abc123,Anna,Lund,anna@example.dk,1,0,da"
BO = "bcd234,Bo,Krogh,bo@example.dk,0,1,en"


def csv_of(*lines: str) -> bytes:
    """Return a file with these rows."""
    return "\n".join([HEADER, *lines, ""]).encode()


def many(count: int) -> list[str]:
    """Return `count` rows of students."""
    return [f"many{number:05},Maja,Holm,,1,0," for number in range(count)]


def upload(browser: Browser, content: bytes, **said: Any) -> Any:
    """Post a file and return the page of its import."""
    file = SimpleUploadedFile("people.csv", content, "text/csv")
    return browser.post(reverse("admin:import_upload"), {"file": file, **said}, follow=True)


def import_of(account: Account | None, content: bytes, **fields: Any) -> AccountImport:
    """Return an import that waits to be checked."""
    return AccountImport.objects.create(uploaded_by=account, file_name="people.csv", content=content, **fields)


def post(browser: Browser, act: str, row: AccountImport, **said: str) -> Any:
    """Post "apply" or "drop" with the fingerprint from the import's page."""
    row.refresh_from_db()
    path = reverse(f"admin:import_{act}", args=[row.pk])
    return browser.post(path, {"shown": row.fingerprint, **said}, follow=True)


def last() -> AccountImport:
    """Return the newest import."""
    return AccountImport.objects.latest("pk")


def page(browser: Browser, row: AccountImport) -> str:
    """Return the page of an import."""
    return str(browser.get(reverse("admin:account_import_accountimport_change", args=[row.pk])).content.decode())

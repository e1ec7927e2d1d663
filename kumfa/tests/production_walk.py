"""A sign-in under production settings, in a separate process. Prints the responses to the browser as JSON."""

import json
import re
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from accounts.models import Account  # noqa: E402
from mfa_sms import delivery  # noqa: E402
from mfa_sms.models import SmsDevice, TextMessage  # noqa: E402

SEEN: dict[str, Any] = {"cookies": {}, "headers": {}, "status": {}}


def note(name: str, response: Any) -> None:
    """Record the status, the headers and the cookies of a response."""
    SEEN["headers"][name] = dict(response.headers)
    SEEN["status"][name] = response.status_code
    for cookie, morsel in response.cookies.items():
        if morsel.value:
            SEEN["cookies"][cookie] = dict(morsel)
    SEEN.setdefault("first", {})[name] = sorted(response.cookies)


def walk() -> None:
    """Sign a student in, and visit every page that sets a cookie."""
    host = {"host": "mfa.ku.dk"}
    for path in ("/help/", "/privacy/", "/sign-in/", "/signed-out/", "/password/sent/", "/nowhere/", "/inbox/"):
        note(path, Client(headers=host).get(path, secure=True))
    note("plain", Client(headers=host).get("/help/"))
    note("healthz", Client(headers=host).get("/healthz"))
    browser = Client(headers=host)
    account = Account.objects.create_user("stu123", "Kastanjer og paraplyer 17", is_student=True, email="a@example.org")
    device = SmsDevice.objects.create(user=account, number="+4526123478", confirmed=True)
    steps: list[tuple[str, dict[str, str]]] = [
        ("/sign-in/", {"language": "en"}),
        ("/sign-in/", {"account_name": "stu123@alumni.ku.dk"}),
        ("/sign-in/password/", {"password": "Kastanjer og paraplyer 17"}),
        ("/sign-in/verify/send/", {"device": device.persistent_id}),
        ("/sign-in/verify/send/", {"device": device.persistent_id}),
    ]
    for path, data in steps:
        note(f"POST {path}", browser.post(path, data, secure=True))
    delivery.deliver(TextMessage.objects.latest("pk").pk)
    messages = Path(settings.SMS_GATEWAYS[0].removeprefix("file://")).read_text(encoding="utf-8")
    code = re.findall(r"#(\d{6})", messages)[-1]
    note("code", browser.post("/sign-in/verify/code/", {"code": code}, secure=True))
    note("stay", browser.post("/sign-in/stay/", {"stay": "yes"}, secure=True))
    note("/security-info/", browser.get("/security-info/", secure=True))
    note("forgotten", browser.post("/password/forgotten/", {"account_name": "stu123@alumni.ku.dk"}, secure=True))
    SEEN["code"] = code
    SEEN["password"] = account.password
    SEEN["payloads"] = [path.read_text() for path in Path(settings.VAR_DIR, "broker", "queue").iterdir()]
    SEEN["apps"] = list(settings.INSTALLED_APPS)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)
    walk()
    print(json.dumps(SEEN))

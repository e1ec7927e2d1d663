"""Pictures of the demo's admin, on a phone and a wide screen, light and dark, in both languages.

    .venv/bin/python -m tests.browser.demo_screenshots VAR [OUTDIR]

VAR is the folder of a portal with a complete history. A new portal generates its history first. A picture is called
`da-account-light-320.png`. Without OUTDIR, only the pictures of docs/helpdesk.md are taken (`make pictures`).
"""

# ruff: noqa: E402 - Django must be set up before the import of modules that use the models

import os
import sys
from pathlib import Path
from typing import Any

import django
from playwright.sync_api import sync_playwright

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kumfa.settings")
os.environ.setdefault("DEBUG", "1")
django.setup()  # before the import of modules that use the models

from demo import people
from demo.history.story import HistoryPlan
from kumfa.settings import BASE_DIR
from tests.browser.chromium import ARGUMENTS, find_chromium
from tests.browser.people import ask_database, wait_for
from tests.browser.portal import Portal, PortalProcess
from tests.browser.staff import sign_in_staff
from tests.browser.visitor import Visitor
from tests.interface import in_da

_DOCUMENTS = BASE_DIR / "docs" / "images"
_WIDTHS = {1280: 900, 320: 640}
_SCHEMES: tuple[Any, ...] = ("light", "dark")
_PATIENCE = 1800.0  # seconds to generate 60 days on a busy machine
_COMPLETE = "SELECT count(*) FROM demo_historyday WHERE finished"
# The account with the most messages that did not arrive.
_CALLER = """SELECT account_id FROM mfa_sms_textmessage GROUP BY account_id
    ORDER BY sum(status IN ('undeliverable', 'expired')) DESC, count(*) DESC LIMIT 1"""


def pages(portal: Portal) -> dict[str, str]:
    """Return the paths of the pages by the name of their pictures."""
    caller = ask_database(portal.var, _CALLER)[0][0]
    return {
        "inbox": "/inbox/",
        "overview": "/admin/overview/",
        "overview-30d": "/admin/overview/?period=30d",
        "accounts": "/admin/accounts/account/",
        "account": f"/admin/accounts/account/{caller}/change/",
        "messages": "/admin/mfa_sms/textmessage/",
        "events": "/admin/audit/securityevent/",
        "cases": "/admin/helpdesk/case/",
        "approvals": "/admin/helpdesk/approval/",
        "campaigns": "/admin/campaigns/enrollmentcampaign/1/change/",
        "gateways": "/admin/mfa_sms/gatewaystate/",
    }


def take(visitor: Visitor, portal: Portal, language: str, folder: Path) -> None:
    """Take pictures of every page in one language."""
    visitor.open("/inbox/")
    visitor.speak(language)
    for name, path in pages(portal).items():
        visitor.open(path)
        for width, height in _WIDTHS.items():
            visitor.page.set_viewport_size({"width": width, "height": height})
            for scheme in _SCHEMES:
                visitor.page.emulate_media(color_scheme=scheme)
                visitor.page.screenshot(path=folder / f"{language}-{name}-{scheme}-{width}.png", full_page=True)
        print(language, name, flush=True)


def take_for_documents(visitor: Visitor, portal: Portal) -> None:
    """Take the pictures of docs/helpdesk.md: what fits on a screen, in Danish."""
    page = visitor.page
    visitor.open("/inbox/")
    visitor.speak("da")
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="light")
    shown = pages(portal)
    for name, path in (("overview", shown["overview-30d"]), ("helpdesk-account", shown["account"])):
        visitor.open(path)
        page.screenshot(path=_DOCUMENTS / f"{name}.png")
    page.get_by_role("link", name=in_da("Give an access pass"), exact=True).click()
    page.wait_for_load_state()
    page.screenshot(path=_DOCUMENTS / "helpdesk-act.png")


def main(var: Path, folder: Path | None = None) -> None:
    """Start a portal, wait for its history, and take the pictures."""
    var.mkdir(parents=True, exist_ok=True)
    gateways = ",".join(f"demo://{var}/messages.jsonl{name}" for name in ("", "?name=demo-reserve"))
    # A first start keeps the files in VAR.
    process = PortalProcess(var, {"SMS_GATEWAYS": gateways}, is_first_start=True, options=())
    portal = process.start()
    try:
        wait_for(lambda: ask_database(var, _COMPLETE)[0][0] == HistoryPlan().days, "the history", _PATIENCE)
        lead = people.LEAD.username
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
            visitor = Visitor(browser, portal.url)
            sign_in_staff(visitor, lead, portal.static_codes(lead)[0])
            if folder is None:
                take_for_documents(visitor, portal)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                for language in ("en", "da"):  # the account keeps the last one, and the next sign-in is in Danish
                    take(visitor, portal, language, folder)
            browser.close()
    finally:
        process.stop()


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*(Path(argument).resolve() for argument in sys.argv[1:]))

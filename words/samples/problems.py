"""Every error page. The functions that make them are found by return type, so new ones are included automatically."""

import inspect
import itertools
from collections.abc import Callable, Iterator
from datetime import datetime
from importlib import import_module
from types import ModuleType
from typing import Any, get_type_hints

from django.http import HttpRequest
from django.template.loader import render_to_string

from accounts.models import Account
from common import problem_pages
from common.problems import Problem
from limits import catalogue
from limits.limit import Refusal
from limits.problems import limit_reached
from mfa_sms import problems as sms_problems
from mfa_sms.numbers import NotANumber, NumberFault
from sign_in.methods import Method, by_slug
from sso.entra import refusals
from sso.models import Client
from words.samples import fixtures
from words.samples.base import Sample, visit_of

MODULES = (
    "common.problems", "sign_in.problems", "notices.problems", "campaigns.problems", "mfa_sms.problems",
    "mfa_recovery.problems", "sso.oidc.pages", "sso.entra.refusals",
)  # fmt: skip
Make = Callable[[], Problem]


def samples() -> list[Sample]:
    """Return a page for each problem, for each limit that people meet, and for each error of Django."""
    found = [*_of_functions(), *_of_limits(), *_of_numbers()]
    pages = [_sample(slug, make) for slug, make in found]
    for view in (
        problem_pages.not_found,
        problem_pages.bad_request,
        problem_pages.forbidden,
        problem_pages.csrf_failure,
    ):
        pages.append(
            Sample(view.__name__.replace("_", "-"), view.__name__.replace("_", " "), _of_view(view), is_page=True)
        )
    return pages


def functions() -> Iterator[tuple[ModuleType, str, Callable[..., Problem]]]:
    """Return each public function that makes a problem, with its module and its name."""
    for name in MODULES:
        module = import_module(name)
        for function_name, function in inspect.getmembers(module, inspect.isfunction):
            ours = function.__module__ == name and not function_name.startswith("_")
            # Refused numbers have texts of their own: `_of_numbers`.
            if ours and function_name != "number_refused" and get_type_hints(function).get("return") is Problem:
                yield module, function_name, function


def _of_functions() -> Iterator[tuple[str, Make]]:
    for module, name, function in functions():
        hints = get_type_hints(function)
        hints.pop("return")
        wanted = [_values(module, name, parameter, hint) for parameter, hint in hints.items()]
        for number, values in enumerate(itertools.product(*wanted), start=1):
            arguments = dict(zip(hints, values, strict=True))
            slug = f"{name.replace('_', '-')}{f'-{number}' if number > 1 else ''}"
            yield f"{module.__name__.replace('.', '-')}-{slug}", lambda f=function, a=arguments: f(**a)  # type: ignore[misc]


def _values(module: ModuleType, function: str, parameter: str, hint: Any) -> tuple[Any, ...]:
    """Return the values of a parameter that lead to different texts."""
    if parameter == "why" and module is refusals:
        return tuple(refusals.Unserved if function == "unserved" else refusals.Why)
    known: dict[Any, tuple[Any, ...]] = {
        bool: (False, True),
        str: ("handle",),
        datetime: (fixtures.NOW,),
        datetime | None: (fixtures.NOW, None),
        Account: (fixtures.account(),),
        Client: (fixtures.service(),),
        Client | None: (fixtures.service(), None),
        Refusal: (Refusal(catalogue.RESEND_GAP, fixtures.NOW),),
        Method | None: (by_slug("mfa_totp"), None),
    }
    return known[hint]


def _of_limits() -> Iterator[tuple[str, Make]]:
    for limit in catalogue.LIMITS.values():
        if limit.told:
            refusal = Refusal(limit, fixtures.NOW)
            yield f"limit-{limit.name.replace('_', '-')}", lambda refusal=refusal: limit_reached(refusal)  # type: ignore[misc]


def _of_numbers() -> Iterator[tuple[str, Make]]:
    for why in (sms_problems.shared_number, sms_problems.blocked_prefix):
        yield why.__name__.replace("_", "-"), lambda why=why: sms_problems.number_refused(why())  # type: ignore[misc]
    for fault in NumberFault:
        refused = NotANumber(fault, "NO")
        slug = f"number-{str(fault.value).replace('_', '-')}"
        yield slug, lambda refused=refused: sms_problems.number_refused(sms_problems.why_refused(refused))  # type: ignore[misc]


def _sample(slug: str, make: Make) -> Sample:
    def write(request: HttpRequest, _language: str) -> str:
        return render_to_string("problem.html", {"problem": make()}, request=visit_of(request, signed_in=False))

    return Sample(slug, slug.replace("-", " "), write, is_page=True)


def _of_view(view: Callable[..., Any]) -> Callable[[HttpRequest, str], str]:
    return lambda request, _language: view(visit_of(request, signed_in=False)).content.decode()

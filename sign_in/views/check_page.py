"""The page of a form that needs a human check first, because a limit is reached."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from common.clock import when_up
from limits.limit import Refusal
from sign_in import human_check
from sign_in.human_check import Answer


def check_page(
    request: HttpRequest, template: str, context: dict[str, Any], refusal: Refusal, answer: Answer
) -> HttpResponse:
    """Show the form again with status 429, what was too much, the puzzle, and when a wait is over.

    SECURITY: the page is the same for every name.
    """
    check = human_check.ask(answer)
    opens = human_check.opens_at(check, answer.network)
    seconds = max(1, round((opens - timezone.now()).total_seconds()))
    context |= {
        "told": refusal.limit.told,
        "puzzle": json.dumps(check.puzzle),
        "opens": when_up(opens),
        "has_error": True,
    }
    response = render(request, template, context, status=429)
    response["Retry-After"] = str(seconds)
    human_check.remember(response, check)
    return response

"""Who may open a page."""

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.decorators import user_passes_test
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import Account
from common.problem_pages import forbidden
from sign_in import flow, methods, step_up
from sign_in.pending import FlowPurpose

View = Callable[..., HttpResponse]


def is_verified(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Whether someone is signed in, by a device that is still good."""
    return user.is_authenticated and getattr(user, "otp_device", None) is not None


verified_required = user_passes_test(is_verified)


def step_up_required(view: View) -> View:
    """Let in who is signed in and has proven a second factor a short while ago; ask others for it first.

    On GET and on POST alike (ASVS 7.5.1). What was posted is not kept: the page is shown again after the proof. The
    view finds the time of the proof in `request.proven_at`.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = cast(Account, request.user)
        proven_at = step_up.proven_at(request.session, methods.standing(account.pk))
        if proven_at is None:
            flow.begin_signed_in(request, account, FlowPurpose.STEP_UP, next=request.path)
            return redirect("sign_in:verify")
        request.proven_at = proven_at  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return cast(View, verified_required(guarded))


def step_up_for(may: Callable[[HttpRequest], bool]) -> Callable[[View], View]:
    """Guard a view like `step_up_required`, for those alone who `may` open it; others get the 403 page.

    SECURITY: the permission comes first, so that nobody proves a factor for a page that they may not open.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return step_up_required(view)(request, *args, **kwargs) if may(request) else forbidden(request)

        return cast(View, guarded)

    return decorate

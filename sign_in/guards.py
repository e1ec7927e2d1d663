"""View guards: verified sign-in, and step-up."""

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
from sign_in import flow, kept_forms, methods, step_up
from sign_in.pending import FlowPurpose

View = Callable[..., HttpResponse]


def is_verified(user: AbstractBaseUser | AnonymousUser) -> bool:
    """Return whether the user is signed in with a device that is still valid."""
    return user.is_authenticated and getattr(user, "otp_device", None) is not None


verified_required = user_passes_test(is_verified)


def step_up_required(view: View) -> View:
    """Require a signed-in user with a recent second factor. Otherwise start a step-up.

    Applies to GET and POST (ASVS 7.5.1). Nothing is posted after the step-up: the page is shown again, with the posted
    fields if it uses `kept_forms`. The view finds the time of the last verification in `request.proven_at`, in seconds
    since the epoch.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        account = cast(Account, request.user)
        proven_at = step_up.proven_at(request.session, methods.standing(account.pk))
        if proven_at is None:
            back = kept_forms.keep(request, account.pk) if request.method == "POST" else request.path
            flow.begin_signed_in(request, account, FlowPurpose.STEP_UP, next=back)
            return redirect("sign_in:verify")
        request.proven_at = proven_at  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)

    return cast(View, verified_required(guarded))


def step_up_for(may: Callable[[HttpRequest], bool]) -> Callable[[View], View]:
    """Guard a view like `step_up_required`, for users that `may` accepts. Others get the 403 page.

    SECURITY: checks the permission first, so that no user verifies a second factor for a page they may not open.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            return step_up_required(view)(request, *args, **kwargs) if may(request) else forbidden(request)

        return cast(View, guarded)

    return decorate

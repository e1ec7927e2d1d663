"""The session middleware of the portal."""

from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's session middleware, extended for concurrent requests of one session.

    If two clicks rotate the session, the first request moves it to a new key, and the second cannot save it. The second
    is redirected to the home page, and the browser keeps the cookie of the first.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save the session. Redirect if another request has ended or moved it."""
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            return redirect("sign_in:home")

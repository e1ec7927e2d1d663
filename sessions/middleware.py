"""The session of each request."""

from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware as DjangoSessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


class SessionMiddleware(DjangoSessionMiddleware):
    """Django's, but for two requests of one session at once.

    The second click of two finds its session moved to a new key by the first. It is led to where that one left off, and
    the browser keeps the first one's cookie.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Save the session."""
        try:
            return super().process_response(request, response)
        except SessionInterrupted:
            return redirect("sign_in:home")

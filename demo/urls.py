"""URLs that exist only on a developer's machine."""

from django.urls import path

from demo import views

app_name = "demo"

urlpatterns = [
    path("inbox/", views.inbox, name="inbox"),
    path("sign-in/verify/static-code/", views.static_code, name="static_code"),
]

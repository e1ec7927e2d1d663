"""The portal's URLs and the pigeon's."""

from django.urls import include, path

urlpatterns = [path("", include("tests.pigeon.views")), path("", include("kumfa.urls"))]
handler404 = "common.problem_pages.not_found"

"""Only the peer's own pages."""

from django.urls import include, path
from two_factor.urls import urlpatterns as two_factor_patterns

urlpatterns = [path("", include(two_factor_patterns))]

"""Which door answers which address."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("raincheck.api.urls")),
    path("", include("raincheck.web.urls")),
]

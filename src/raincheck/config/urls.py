"""Which door answers which address."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", include("raincheck.api.urls")),
    path("", include("raincheck.api.probes")),
    path("", include("raincheck.web.urls")),
]

handler400 = "raincheck.web.errors.bad_request"
handler403 = "raincheck.web.errors.forbidden"
handler404 = "raincheck.web.errors.not_found"
handler500 = "raincheck.web.errors.server_error"

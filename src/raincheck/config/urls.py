"""Which door answers which address."""

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(module))
    for prefix, module in (
        ("api/v1/", "raincheck.api.urls"),
        ("", "raincheck.api.probes"),
        ("", "raincheck.web.urls"),
    )
    if find_spec(module.rpartition(".")[0]) and find_spec(module)
]

handler400 = "raincheck.web.errors.bad_request"
handler403 = "raincheck.web.errors.forbidden"
handler404 = "raincheck.web.errors.not_found"
handler500 = "raincheck.web.errors.server_error"

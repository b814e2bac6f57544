"""The console's addresses. Pages are nouns; what changes something is POSTed to `do/VERB/...`."""

from django.urls import URLPattern, URLResolver, include, path

from raincheck.web.views import account, search

urlpatterns: list[URLPattern | URLResolver] = [
    path("search", search.search, name="search"),
    path("search/suggestions", search.search_suggestions, name="search_suggestions"),
    path("account/settings", account.own_settings, name="own_settings"),
    path("account/two-factor/", include("allauth.mfa.urls")),
    path("account/", include("allauth.account.urls")),
]

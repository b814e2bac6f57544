"""The API's addresses, under /api/v1."""

from functools import partial

from django.urls import URLPattern, URLResolver, path

from raincheck.api import feeds, openapi
from raincheck.api.application import build

api = build()
_patterns = api.urls[0]
app_name = "api"

urlpatterns: list[URLPattern | URLResolver] = [
    path("openapi.json", partial(openapi.show, api=api), name="openapi"),
    path("feeds/<str:key>/merchant.<str:form>", feeds.merchant_feed, name="merchant_feed"),
    *_patterns,
]

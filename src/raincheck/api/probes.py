"""The same probes where load balancers, orchestrators and Prometheus look for them: at the root."""

from django.urls import URLPattern, path

from raincheck.api import health, metrics

urlpatterns: list[URLPattern] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]

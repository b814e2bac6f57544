"""The card processor's settings: a slip is named at the start, and a secret is never repeated."""

import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from raincheck.config import data_folder


def settings_with(monkeypatch: pytest.MonkeyPatch, **environment: str) -> dict[str, Any]:
    """The settings that an environment gives."""
    for name in ("KEY", "WEBHOOK_SECRET", "API"):
        monkeypatch.delenv(f"RAINCHECK_STRIPE_{name}", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(f"RAINCHECK_STRIPE_{name}", value)
    return runpy.run_path(str(Path(data_folder.__file__).with_name("settings_cards.py")))


def test_without_anything_there_is_no_stripe(monkeypatch: pytest.MonkeyPatch) -> None:
    found = settings_with(monkeypatch)
    assert (found["STRIPE_KEY"], found["STRIPE_WEBHOOK_SECRET"]) == ("", "")
    assert found["STRIPE_API"] == "https://api.stripe.com"


def test_secret_and_restricted_keys_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for key in ("sk_test_1", "sk_live_1", "rk_test_1", "rk_live_1"):
        assert settings_with(monkeypatch, KEY=f" {key} ")["STRIPE_KEY"] == key
    assert settings_with(monkeypatch, API="http://127.0.0.1:9/")["STRIPE_API"] == "http://127.0.0.1:9"


@pytest.mark.parametrize(("name", "value"), [("KEY", "pk_live_public"), ("WEBHOOK_SECRET", "sk_live_wrong")])
def test_a_wrong_one_is_named_and_not_repeated(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"RAINCHECK_STRIPE_{name}") as refused:
        settings_with(monkeypatch, **{name: value})
    assert value not in str(refused.value)

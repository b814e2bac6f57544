"""What makes one installation differ from another: its key, made once and closed to others, and its database."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from raincheck.config.database_url import parse_database_url
from raincheck.config.secret_key import secret_key


@pytest.fixture(autouse=True)
def _no_key_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RAINCHECK_SECRET_KEY", raising=False)


def test_the_key_is_made_once_and_kept_closed(tmp_path: Path) -> None:
    key = secret_key(tmp_path / "data")
    assert len(key) >= 50
    assert secret_key(tmp_path / "data") == key
    assert stat.S_IMODE((tmp_path / "data" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret_key"]


def test_two_installations_have_two_keys(tmp_path: Path) -> None:
    assert secret_key(tmp_path / "one") != secret_key(tmp_path / "two")


def test_a_given_key_is_taken_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RAINCHECK_SECRET_KEY", "shared by all machines")
    assert secret_key(tmp_path / "data") == "shared by all machines"
    assert not (tmp_path / "data").exists()


def test_a_database_url_is_taken_as_libpq_takes_it() -> None:
    assert parse_database_url("postgresql://ann:p%40ss@db.example:5433/shop?sslmode=require") == {
        "NAME": "shop",
        "USER": "ann",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


@pytest.mark.parametrize("url", ["mysql://ann:secret@host/shop", "postgresql://ann:secret@host", "secret"])
def test_a_database_url_that_cannot_be_used_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL") as refusal:
        parse_database_url(url)
    assert "secret" not in str(refusal.value)

"""`raincheck apikey`: keys of the HTTP API, for programs. The console has the same under Settings."""

import getpass
from typing import Any

import click
import orjson

from raincheck.actions.api_keys import make_api_key, revoke_api_key
from raincheck.store.reads.api_key import ApiKeyRow, api_keys


@click.group("apikey")
def command() -> None:
    """Make, list and revoke keys of the HTTP API."""


@command.command("create")
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    required=True,
    help="What the key may do: a permission (order.place) or a role (sales). May be repeated, or a list with commas.",
)
def create(name: str, scopes: tuple[str, ...]) -> None:
    """Make a key and print it: this once, only its hash is kept."""
    given = [scope.strip() for listed in scopes for scope in listed.split(",")]
    made = make_api_key(name, given, actor=_user())
    click.echo(made.key)
    click.echo(f"Made the key {made.prefix}… of {name}. It is not shown again.", err=True)


@command.command("list")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_(form: str) -> None:
    """List keys: how they begin, what they may do, when they were last used."""
    found = api_keys()
    if form == "json":
        click.echo(orjson.dumps([_as_json(key) for key in found], option=orjson.OPT_UTC_Z).decode())
        return
    for key in found:
        used = f"last used {key.last_used_on}" if key.last_used_on else "never used"
        state = f"revoked {key.revoked_at:%Y-%m-%d}" if key.revoked_at else used
        click.echo(f"{key.prefix}…  {key.name}  [{', '.join(key.scopes)}]  {state}")


@command.command("revoke")
@click.argument("prefix")
def revoke(prefix: str) -> None:
    """Revoke the key that begins with PREFIX, as `raincheck apikey list` shows it."""
    revoke_api_key(prefix.removesuffix("…"), actor=_user())
    click.echo(f"Revoked {prefix}. Servers that know it forget it within 5 seconds.", err=True)


def _as_json(key: ApiKeyRow) -> dict[str, Any]:
    return {
        "prefix": key.prefix,
        "name": key.name,
        "scopes": key.scopes,
        "created_at": key.created_at,
        "created_by": key.created_by,
        "last_used_on": key.last_used_on,
        "revoked_at": key.revoked_at,
    }


def _user() -> str:
    """Who runs the command, for the record."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli"

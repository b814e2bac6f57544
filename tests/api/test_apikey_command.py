"""`raincheck apikey`: keys are made, listed and revoked on the command line."""

import orjson
import pytest
from click.testing import CliRunner, Result
from tests.api.caller import Caller

from raincheck.cli.apikey import command
from raincheck.core.errors import Malformed, NotFound
from raincheck.store.reads.activity import recent_facts


def run(*arguments: str) -> Result:
    """Runs the command; errors come through as they are."""
    return CliRunner().invoke(command, list(arguments), catch_exceptions=False)


def made(*scopes: str) -> str:
    """A key made on the command line."""
    arguments = [part for scope in scopes for part in ("--scope", scope)]
    result = run("create", "a shop", *arguments)
    assert result.exit_code == 0
    return result.stdout.strip()


def test_standard_output_holds_the_key_alone_so_that_scripts_can_take_it(company: None) -> None:
    key = made("queue.view")
    assert key.startswith("rck_")
    assert "\n" not in key
    assert Caller(key).get("/backorders").status_code == 200


def test_scopes_may_be_listed_with_commas_and_roles_stand_for_all_that_they_may_do(company: None) -> None:
    caller = Caller(made("order.view, queue.view", "buyer"))
    assert caller.get("/backorders").status_code == 200
    assert caller.get("/orders/O1").status_code == 404
    assert caller.post("/purchase-orders/P1/confirm").status_code == 200
    assert caller.post("/orders", {"ref": "O1", "lines": [{"sku": "lamp", "quantity": 1}]}).status_code == 403


def test_a_key_is_listed_without_the_key(db: None) -> None:
    key = made("queue.view")
    text = run("list").stdout
    assert key[:12] in text
    assert key not in text
    (listed,) = orjson.loads(run("list", "--format", "json").stdout)
    assert (listed["prefix"], listed["name"], listed["scopes"]) == (key[:12], "a shop", ["queue.view"])
    assert listed["revoked_at"] is None


def test_a_revoked_key_is_listed_as_revoked(company: None) -> None:
    key = made("queue.view")
    assert run("revoke", key[:12]).exit_code == 0
    assert "revoked" in run("list").stdout
    assert Caller(key).get("/backorders").status_code == 401
    with pytest.raises(NotFound, match="no key in force begins with"):
        run("revoke", key[:12])


def test_who_made_and_revoked_a_key_is_on_record(db: None) -> None:
    run("revoke", made("queue.view")[:12])
    assert [(fact.verb, fact.actor.split(":")[0]) for fact in recent_facts()] == [
        ("apikey_revoked", "cli"),
        ("apikey_made", "cli"),
    ]


def test_a_key_without_scope_or_with_an_unknown_one_is_not_made(db: None) -> None:
    assert run("create", "a shop").exit_code == 2
    with pytest.raises(Malformed, match=r"did you mean 'queue.view'\?"):
        made("queue.veiw")
    assert run("list").stdout == ""

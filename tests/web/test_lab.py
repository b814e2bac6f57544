"""The Lab's pages: what somebody fills in becomes a run that a worker can do, and nothing that is wrong gets lost."""

import pytest
import yaml
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from raincheck.drill.reading.drill_file import read_drill
from raincheck.drill.reading.variants import names_in, read_variants
from raincheck.store.db import rows
from raincheck.store.reads.company import company_settings
from raincheck.store.reads.names import names_of
from raincheck.web.lab_drills import FOLDER, example, example_titles, live_drill
from raincheck.web.views.lab import _changes

DRILL = "drill: 1\ntitle: 'Mine'\nstarts: 2026-03-02T09:00:00Z\nevents: []\n"


def last_run() -> tuple[str, str, str, bool, str]:
    ((title, drill, variants, from_live, asked_by),) = rows(
        "SELECT title, drill, variants, from_live, asked_by FROM lab_run ORDER BY id DESC LIMIT 1"
    )
    return title, drill, variants, from_live, asked_by


def test_a_filled_form_becomes_a_run_with_its_variants(admin: Client, tmp_path) -> None:  # type: ignore[no-untyped-def]
    answer = admin.post(
        reverse("new_comparison"),
        {
            "drill": DRILL.replace("\n", "\r\n"),
            "v1-title": 'All "at once": #1',
            "v1-ship": "complete",
            "v2-title": "Slow",
            "v2-settings": "hold_days=3; promise_confidence=0.9",
        },
    )
    assert answer.status_code == 302
    title, drill, variants, from_live, asked_by = last_run()
    assert (title, from_live, asked_by) == ("Mine", False, "admin")
    file, variants_file = tmp_path / "drill.yaml", tmp_path / "variants.yaml"
    file.write_text(drill)
    variants_file.write_text(variants)
    scenario = read_drill(file)
    found = read_variants(variants_file, scenario.settings, names_in(scenario))
    assert [(variant.title, variant.settings.ship, variant.settings.hold_days) for variant in found] == [
        ('All "at once": #1', "complete", 7),
        ("Slow", "available", 3),
    ]


def test_an_uploaded_file_takes_the_place_of_the_text(admin: Client) -> None:
    file = SimpleUploadedFile("mine.yaml", DRILL.encode())
    answer = admin.post(
        reverse("new_comparison"), {"drill": "x", "upload": file, "v1-title": "A", "v1-ship": "complete"}
    )
    assert answer.status_code == 302
    assert last_run()[1] == DRILL


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"drill": ""}, "Write a drill, choose an example or give a file."),
        ({"drill": DRILL}, "Name one variant at least"),
        ({"drill": DRILL, "v1-ship": "complete"}, "Name this variant."),
        ({"drill": DRILL, "v1-title": "A", "v1-settings": "hold days"}, "is not a setting such as hold_days=3"),
        ({"drill": DRILL, "v1-title": "A", "v1-settings": "a: {b}=1"}, "is not a setting such as hold_days=3"),
        ({"drill": "x" * 1_000_001, "v1-title": "A"}, "at most 1000000"),
        ({"upload": SimpleUploadedFile("b.yaml", b"\xff\xfe\x00"), "v1-title": "A"}, "The file is not UTF-8 text."),
        ({"upload": SimpleUploadedFile("b.yaml", b"x" * 1_000_001), "v1-title": "A"}, "The file is larger than 1 MB."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_run(admin: Client, given: dict[str, object], said: str) -> None:
    before = rows("SELECT count(*) FROM lab_run")
    answer = admin.post(reverse("new_comparison"), given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert rows("SELECT count(*) FROM lab_run") == before


def test_what_was_typed_is_still_there_after_a_fault(admin: Client) -> None:
    page = admin.post(reverse("new_comparison"), {"drill": DRILL, "v2-ship": "complete"}).content.decode()
    assert "title: &#x27;Mine&#x27;" in page
    assert '<option value="complete" selected>' in page


@pytest.mark.parametrize("name", [file.stem for file in FOLDER.glob("*.yaml")])
def test_every_example_is_a_drill(name: str) -> None:
    assert read_drill(FOLDER / f"{name}.yaml").title == example_titles()[name]
    assert example(name)


@pytest.mark.parametrize("name", ["../lab_examples/surge", "nothing", "surge.yaml", ""])
def test_a_name_that_is_no_example_begins_with_an_empty_drill(admin: Client, name: str) -> None:
    assert example(name) == ""
    assert admin.get(reverse("new_comparison"), {"start": name}).status_code == 200


def test_the_living_company_becomes_a_drill_in_which_all_that_is_expected_arrives(admin: Client, tmp_path) -> None:  # type: ignore[no-untyped-def]
    page = admin.get(reverse("new_comparison"), {"start": "live"})
    assert page.status_code == 200
    ((today,),) = rows("SELECT (now() AT TIME ZONE 'Europe/London')::date")
    text = live_drill(company_settings().calendar, today)
    file = tmp_path / "live.yaml"
    file.write_text(text)
    scenario = read_drill(file, live=names_of)
    arrived = {sku for event in yaml.safe_load(text)["events"] for sku in event.get("receive", {}).get("lines", {})}
    assert {event.verb for event in scenario.events} == {"receive", "wait"}
    assert {sku for (sku,) in rows("SELECT DISTINCT p.sku FROM inbound_line l JOIN product p ON p.id = l.product_id"
                                   " WHERE l.owed > 0 AND l.expected_on < current_date + 28")} <= arrived  # fmt: skip


def test_the_optimum_is_asked_for_a_product_that_exists(admin: Client) -> None:
    answer = admin.post(reverse("ask_optimum"), {"sku": "LAMP"}, follow=True)
    assert "The rule beside the optimum: LAMP" in answer.content.decode()
    answer = admin.post(reverse("ask_optimum"), {"sku": "LMAP"}, follow=True)
    assert "Product &#x27;LMAP&#x27; does not exist." in answer.content.decode()


@pytest.mark.parametrize(
    ("run", "says"),
    [
        (1, ["Parcels per order", "Who gains, who loses", "ship=complete", "<polyline", "all by <time datetime="]),
        (2, ["Units on time", "The optimum", "Lateness, unit-days"]),
        (3, ["It did not come to an end.", "drill.yaml:1: needs `starts`"]),
        (4, ["A worker takes it as soon as it has time.", "every 2s"]),
    ],
)
def test_a_run_shows_what_came_of_it(admin: Client, run: int, says: list[str]) -> None:
    page = admin.get(reverse("lab_run", args=[run])).content.decode()
    for words in says:
        assert words in page


@pytest.mark.parametrize(
    ("changed", "policies", "words"),
    [
        ({}, 0, ""),
        ({"ship": "complete", "hold_days": 3}, 0, "Shipping: all at once; hold days: 3"),
        ({"weights": {"tier": "2", "age": "0"}}, 2, "weights: tier 2; 2 rules"),
        (
            {"tighten": True, "latest_days": None, "holidays": []},
            0,
            "tighten: yes; Latest promise: none; holidays: none",
        ),
    ],
)
def test_what_a_variant_changes_is_said_in_words(changed: dict[str, object], policies: int, words: str) -> None:
    assert _changes({"changed": changed, "policies": policies}) == words


def test_a_run_that_there_is_not_is_no_page(admin: Client) -> None:
    assert admin.get(reverse("lab_run", args=[999])).status_code == 404


@pytest.mark.parametrize(("name", "sees", "runs"), [("buyer", 200, 200), ("sales", 200, 403), ("warehouse", 403, 403)])
def test_planners_run_the_lab_and_sales_read_it(admin: Client, name: str, sees: int, runs: int) -> None:
    admin.force_login(User.objects.get(username=name))
    assert admin.get(reverse("lab_run", args=[1])).status_code == sees
    assert admin.get(reverse("new_comparison")).status_code == runs

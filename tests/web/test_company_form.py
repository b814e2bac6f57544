"""The company's settings on their form: what is shown is what holds, and saving what is shown changes nothing."""

from dataclasses import replace
from decimal import Decimal

import pytest

from raincheck.core.settings import Settings, Weights
from raincheck.web.company_form import CompanyForm, initial_of

WEIGHED = Settings(
    country="GB",
    currency="GBP",
    weights=Weights(tier=Decimal(10), age=Decimal("0.5")),
    lend_days=20,
    margin_days=2,
    payment_grace_days=5,
)


DEPOSIT = Settings(
    charge="deposit:0.25",
    pass_on_cuts=True,
    card_payments=True,
    capture_variance=Decimal("0.15"),
    authorisation_days=(("amex", 10), ("visa", 5)),
)


@pytest.mark.parametrize("settings", [Settings(), WEIGHED, DEPOSIT])
def test_saving_the_form_as_it_is_shown_changes_nothing(settings: Settings) -> None:
    form = CompanyForm(initial_of(settings, "Northlight"))
    assert form.is_valid(), form.errors
    assert form.settings(settings) == settings


def test_weights_are_shown_as_people_write_them() -> None:
    assert initial_of(WEIGHED, "Northlight")["weight_tier"] == "10"
    assert initial_of(WEIGHED, "Northlight")["weight_age"] == "0.5"


def test_a_weight_is_set_on_the_form() -> None:
    form = CompanyForm({**initial_of(Settings(), "Northlight"), "weight_urgency": "1.5"})
    assert form.is_valid(), form.errors
    assert form.settings(Settings()) == replace(Settings(), weights=Weights(urgency=Decimal("1.5")))


def test_a_weight_below_nothing_is_refused() -> None:
    form = CompanyForm({**initial_of(Settings(), "Northlight"), "weight_tier": "-1"})
    assert "weight_tier" in form.errors


@pytest.mark.parametrize("share", ["", "0", "1", "0.00001"])
def test_a_deposit_is_a_share_of_the_price(share: str) -> None:
    form = CompanyForm({**initial_of(Settings(), "Northlight"), "charge": "deposit", "deposit": share})
    assert "deposit" in form.errors


@pytest.mark.parametrize("days", ["visa", "visa 0", "visa 400", "diners 7", "visa seven"])
def test_days_of_authorisations_are_checked_line_by_line(days: str) -> None:
    form = CompanyForm({**initial_of(Settings(), "Northlight"), "authorisation_days": f"amex 7\n{days}"})
    assert "Line 2" in str(form.errors["authorisation_days"])

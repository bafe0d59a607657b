"""An invented municipality to try the service with: nothing in it exists, and it is the same every time."""

from collections.abc import Iterator
from zlib import crc32

from survey_service.domain.organisation import (
    Grades,
    Group,
    Headcounts,
    Operator,
    Organisation,
    Unit,
    UnitSchoolForm,
)

MUNICIPALITY_CODE = "0099"
MUNICIPALITY = "Ekviken"

# The check digits of these organisation numbers are wrong, so that nobody has them.
MUNICIPAL = Operator("212000-0099", "Ekvikens kommun", "municipal")
INDEPENDENT = Operator("559000-0099", "Almhaga friskolor AB", "independent")

SMALLEST_GROUP, LARGEST_GROUP = 8, 28
CLASS_OF_THREE = ("99000002", "grundskola", "5B")
CHILDREN_PER_EMPLOYEE = 7

PRESCHOOLS: dict[tuple[str, str, Operator], str] = {
    ("F001", "Ängsbäckens förskola", MUNICIPAL): "Blåsippan Vitsippan Gullvivan Smultronet",
    ("F002", "Förskolan Trädkojan", MUNICIPAL): "Eken Björken Linden",
    ("F003", "Hamnens förskola", MUNICIPAL): "Måsen Tärnan Ejdern Svanen",
    ("F004", "Förskolan Solrosen", MUNICIPAL): "Myran Humlan Fjärilen",
    ("F005", "Tallbackens förskola", MUNICIPAL): "Kotten Granen Enbäret",
    ("F006", "Förskolan Fågelsången", MUNICIPAL): "Lärkan Domherren Sidensvansen Talgoxen",
    ("F007", "Almhaga förskola Ugglan", INDEPENDENT): "Lilla_Ugglan Stora_Ugglan",
    ("F008", "Almhaga förskola Räven", INDEPENDENT): "Rävungen Räven",
}
"""Preschools by code, name and operator, and the names of their avdelningar."""

SCHOOLS: dict[tuple[str, str, Operator], dict[str, str]] = {
    ("99000001", "Sjöängsskolan", MUNICIPAL): {
        "forskoleklass": "FA FB",
        "grundskola": "1A 1B 2A 2B 3A 3B 4A 4B 5A 5B 6A 6B",
        "anpassad_grundskola": "Lyktan:1-6",
        "fritidshem": "Grottan Fyren Lyan",
    },
    ("99000002", "Kvarnbacksskolan", MUNICIPAL): {
        "forskoleklass": "FA",
        "grundskola": "1A 1B 2A 2B 3A 3B 4A 4B 5A 5B 6A 6B",
        "fritidshem": "Kvarnen Bäcken",
    },
    ("99000003", "Tallmoskolan", MUNICIPAL): {
        "grundskola": "7A 7B 7C 8A 8B 8C 9A 9B 9C",
        "anpassad_grundskola": "Kompassen:7-9",
    },
    ("99000004", "Näsets byskola", MUNICIPAL): {
        "forskoleklass": "FA",
        "grundskola": "1-2:1-2 3A 4A 5A 6A",
        "fritidshem": "Nästet",
    },
    ("99000005", "Almhaga friskola", INDEPENDENT): {
        "forskoleklass": "FA",
        "grundskola": "1A 2A 3A 4A 5A 6A 7A 8A 9A",
        "fritidshem": "Äpplet Päronet",
    },
    ("H001", "Fritidshemmet Kajutan", MUNICIPAL): {"fritidshem": "Babord Styrbord"},
}
"""Schools, each school form with its groups; a class is named by its grade, or says its grades after a colon."""


def demo_municipality() -> Organisation:
    """Two operators, one of them independent; preschools, schools of several school forms and a fritidshem."""
    places = {key: {"forskola": groups} for key, groups in PRESCHOOLS.items()} | SCHOOLS
    units = {code: Unit(code, name, operator.code, _contact(code)) for code, name, operator in places}
    return Organisation(
        MUNICIPALITY_CODE,
        MUNICIPALITY,
        {operator.code: operator for operator in (MUNICIPAL, INDEPENDENT)},
        units,
        {
            (code, school_form): _section(code, school_form, groups)
            for (code, _, _), school_forms in places.items()
            for school_form, groups in school_forms.items()
        },
    )


def _contact(unit_code: str) -> str:
    return f"expedition.{unit_code.lower()}@ekviken.example"


def _section(unit_code: str, school_form: str, names: str) -> UnitSchoolForm:
    """Pupils and guardians are counted in groups, staff and heads for the unit."""
    groups = tuple(_groups(unit_code, school_form, names))
    children = sum(group.counts.pupils or 0 for group in groups)
    counts = Headcounts(staff=max(3, children // CHILDREN_PER_EMPLOYEE), heads=1)
    return UnitSchoolForm(unit_code, school_form, counts, groups)


def _groups(unit_code: str, school_form: str, names: str) -> Iterator[Group]:
    for entry in names.split():
        name, _, grades = entry.replace("_", " ").partition(":")
        in_grades = school_form in {"forskoleklass", "grundskola"}
        # A fixed hash of the name rather than a random number: the same size in every demo.
        spread = crc32(f"{unit_code} {school_form} {name}".encode()) % (LARGEST_GROUP - SMALLEST_GROUP + 1)
        size = 3 if (unit_code, school_form, name) == CLASS_OF_THREE else SMALLEST_GROUP + spread
        yield Group(
            name,
            Grades.parse(grades or name[0]) if grades or in_grades else None,
            Headcounts(pupils=size, guardians=size),
        )

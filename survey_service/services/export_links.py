"""Export every code of a round, for printing, mail-merge and learning platforms; never whether one was used."""

from collections.abc import Iterator
from pathlib import Path

from survey_service.domain.access import Access, spaced
from survey_service.domain.organisation import Organisation
from survey_service.outputs.spreadsheet import Cell, write_csv
from survey_service.outputs.whole_file import whole_file
from survey_service.services.find import existing_organisation
from survey_service.services.issue_links import IssuedCode, LinkKeys, list_codes
from survey_service.services.manage_accounts import UnknownUnit
from survey_service.storage.database import Database

COLUMNS = [
    "round",
    "collection",
    "school_form",
    "unit_code",
    "unit_name",
    "group",
    "grade",
    "audience",
    "form",
    "access",
    "version",
    "code",
    "url",
    "expected",
]


def export_links(
    database: Database,
    keys: LinkKeys,
    round_id: str,
    path: str | Path,
    *,
    public_url: str,
    unit_code: str | None = None,
) -> int:
    """Write the links file of a round or of one unit in it; returns how many codes it lists.

    Raises UnknownRound, UnknownUnit, NoOrganisation, LinkKeyMissing or CannotWrite; then no file is left.
    """
    codes = list_codes(database, keys, round_id, unit_code)
    with database.read() as connection:
        organisation = existing_organisation(connection)
    if unit_code is not None and unit_code not in organisation.units:
        raise UnknownUnit(f"no unit has the code {unit_code}")
    with whole_file(path) as stream:
        write_csv(stream, _rows(codes, organisation, public_url, round_id))
    return len(codes)


def _rows(codes: list[IssuedCode], organisation: Organisation, public_url: str, round_id: str) -> Iterator[list[Cell]]:
    yield list(COLUMNS)
    for issued in codes:
        link, collection = issued.link, issued.collection
        section = organisation.school_forms.get((link.unit_code, collection.school_form))
        grades = {group.name: str(group.grades or "") for group in section.groups} if section else {}
        yield [
            round_id,
            collection.id,
            collection.school_form,
            link.unit_code,
            organisation.units[link.unit_code].name,
            link.group,
            grades.get(link.group, ""),
            collection.audience,
            collection.form,
            link.access.value,
            link.version,
            spaced(issued.code),
            f"{public_url}/s/{issued.code}",
            1 if link.access is Access.SINGLE_USE else link.expected,
        ]

"""Export what was released of a round: only releases are read, so nothing that was hidden can come out."""

from collections.abc import Iterator
from pathlib import Path

from survey_service.domain.disclosure import ReleasedTable, Status
from survey_service.domain.survey_round import Collection
from survey_service.domain.tally import TallyLayout, value_ids
from survey_service.outputs.spreadsheet import Cell, write_csv
from survey_service.outputs.whole_file import whole_file
from survey_service.services.find import existing_round
from survey_service.services.forms_in_use import FormsInUse
from survey_service.storage.database import Database
from survey_service.storage.releases import releases_of, tables_of

COLUMNS = [
    "round",
    "release",
    "collection",
    "school_form",
    "audience",
    "form",
    "form_version",
    "level",
    "operator_code",
    "operator_kind",
    "unit_code",
    "group",
    "grade",
    "breakdown",
    "breakdown_value",
    "question",
    "option",
    "n",
    "status",
]


class NothingReleased(LookupError):
    """The round has no release with this number, or none at all."""


def export_tallies(database: Database, round_id: str, path: str | Path, number: int | None = None) -> int:
    """Write the tallies table of a release (the latest unless one is named) as CSV; returns its number of rows.

    One row for each option. A figure that is not `ok` is empty, never 0.
    Raises UnknownRound, NothingReleased or CannotWrite; then no file is left.
    """
    with database.read() as connection:
        survey_round = existing_round(connection, round_id)
        numbers = [release.number for release in releases_of(connection, round_id)]
    if not numbers:
        raise NothingReleased(f"round {round_id} has no release yet: it is compiled when it has closed")
    if number is not None and number not in numbers:
        there = ", ".join(map(str, numbers))
        raise NothingReleased(f"round {round_id} has no release {number}; there are: {there}")
    written = 0

    def rows() -> Iterator[list[Cell]]:
        nonlocal written
        yield list(COLUMNS)
        for collection in survey_round.collections:
            for row in _rows_of(database, collection, round_id, number or numbers[-1]):
                written += 1
                yield row

    with whole_file(path) as stream:
        write_csv(stream, rows(), encoding="utf-8")
    return written


def _rows_of(database: Database, collection: Collection, round_id: str, number: int) -> Iterator[list[Cell]]:
    with database.read() as connection:
        tables = [table for table, _ in tables_of(connection, round_id, number, collection.id)]
    if not tables:
        return
    layout = TallyLayout(FormsInUse(database).get(collection.form, collection.form_version).form)
    about: list[Cell] = [
        round_id,
        number,
        collection.id,
        collection.school_form,
        collection.audience,
        collection.form,
        collection.form_version,
    ]
    for released in tables:
        node = released.node
        place = [node.level, node.operator_code, node.operator_kind, node.unit_code, node.group, node.grade]
        where: list[Cell] = [*about, *place, released.key.breakdown, released.key.value]
        yield from ([*where, *figure] for figure in _figures(layout, released))


def _figures(layout: TallyLayout, released: ReleasedTable) -> Iterator[list[Cell]]:
    """(question, option, n, status) for every option of a table."""
    if released.table is not None:
        for question_id, value, number in layout.counts(released.table):
            yield [question_id, value, number, Status.OK.value]
        return
    for slot in layout.form.slots:
        for value in value_ids(slot):
            yield [slot.id, value, None, released.status.value]

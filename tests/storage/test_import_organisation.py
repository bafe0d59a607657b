"""Importing the organisation: all or nothing, twice is once, and what has been open is kept; and exporting it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from survey_service.domain.access import Access, Link, key_fingerprint
from survey_service.domain.organisation import Organisation
from survey_service.domain.survey_round import Collection, Round
from survey_service.outputs.whole_file import CannotWrite
from survey_service.services.export_organisation import export_organisation
from survey_service.services.find import NoOrganisation
from survey_service.services.import_organisation import (
    AnotherMunicipality,
    Change,
    ImportReport,
    import_organisation,
)
from survey_service.services.issue_links import LinkKeyMissing, LinkKeys, issue_links
from survey_service.services.organisation_columns import COLUMNS
from survey_service.services.organisation_file import OrganisationFileRejected
from survey_service.storage.database import Database
from survey_service.storage.links import add_links, links_of
from survey_service.storage.organisation import load_organisation
from survey_service.storage.rounds import mark_collection, put_round

HEADER = ",".join(COLUMNS)
OPERATORS = {"1": "Kommunen,municipal", "2": "Almhaga AB,independent"}
KEYS = LinkKeys(link=(bytes(32),), lookup=(bytes(32),))
ROUND = Round("ht-2026", {"sv": "Hösten"}, "2026/27", "UN 1", key_fingerprint(KEYS.link[0]))
PUPILS = Collection(
    id="pupil",
    school_form="grundskola",
    audience="pupil",
    form="pupil-4-6",
    form_version=1,
    access=Access.GROUP,
    opens=date(2026, 9, 14),
    closes=date(2026, 10, 30),
)

Import = Callable[..., ImportReport]


@pytest.fixture
def import_rows(database: Database, tmp_path: Path) -> Import:
    """Import a file of these rows."""

    def run(*rows: str, keys: LinkKeys = KEYS) -> ImportReport:
        path = tmp_path / "organisation.csv"
        path.write_text("\n".join([HEADER, *rows]))
        return import_organisation(database, path, keys)

    return run


def row(unit: str, group: str, counts: str = "4,24,,,", operator: str = "1", name: str = "") -> str:
    return f"0099,Ekviken,{operator},{OPERATORS[operator]},{unit},{name or unit},grundskola,{group},{counts},"


def organisation(database: Database) -> Organisation:
    with database.read() as connection:
        stored = load_organisation(connection)
    assert stored is not None
    return stored


def groups(database: Database) -> list[str]:
    stored = organisation(database).school_forms.values()
    return [f"{section.unit_code} {group.name}" for section in stored for group in section.groups]


def open_links(
    database: Database, *places: tuple[str, str], opened: bool = True, access: Access = Access.GROUP
) -> None:
    """A round with a link for each (unit, group), opened or only planned."""
    links = [
        Link(f"link-{place}", "ht-2026", "pupil", unit, group, access, 1, 1, 24)
        for place, (unit, group) in enumerate(places)
    ]
    with database.write() as connection:
        put_round(connection, replace(ROUND, collections=(replace(PUPILS, access=access),)))
        add_links(connection, links)
        if opened:
            mark_collection(connection, "ht-2026", "pupil", opened_at=datetime(2026, 9, 14, tzinfo=UTC))


def test_the_first_import_adds_everything(database: Database, import_rows: Import) -> None:
    report = import_rows(row("A", "4A"), row("A", "4B"))
    assert report.added == (
        ("municipality",),
        ("operator", "1"),
        ("unit", "A"),
        ("school form", "A", "grundskola"),
        ("group", "A", "grundskola", "4A"),
        ("group", "A", "grundskola", "4B"),
    )
    assert groups(database) == ["A 4A", "A 4B"]


def test_importing_twice_changes_nothing(database: Database, import_rows: Import) -> None:
    rows = [row("A", "4A"), row("A", "", ",,,31,2"), row("B", "5A", operator="2")]
    import_rows(*rows)
    before = organisation(database)
    report = import_rows(*reversed(rows))
    assert (report.added, report.changed, report.removed, report.kept) == ((), (), (), ())
    assert len(report.left) == 9
    assert organisation(database) == before


def test_a_second_import_changes_only_what_differs_and_says_how(database: Database, import_rows: Import) -> None:
    import_rows(row("A", "4A"), row("A", "4B"), row("B", "5A"))
    report = import_rows(row("A", "4A", "4,25,,,", name="Almskolan"), row("A", "4C", name="Almskolan"))
    assert report.changed == (
        Change(("unit", "A"), "name", "A", "Almskolan"),
        Change(("group", "A", "grundskola", "4A"), "pupils", "24", "25"),
    )
    assert report.added == (("group", "A", "grundskola", "4C"),)
    assert report.removed == (
        ("unit", "B"),
        ("group", "A", "grundskola", "4B"),
        ("school form", "B", "grundskola"),
        ("group", "B", "grundskola", "5A"),
    )
    assert groups(database) == ["A 4A", "A 4C"]


def test_the_report_reads_as_lines(import_rows: Import) -> None:
    import_rows(row("A", "4A"))
    lines = list(import_rows(row("A", "4A", ",25,,,"), row("A", "4B")).lines())
    assert lines == [
        "added group A grundskola 4B",
        "changed group A grundskola 4A: grade 4 → –",
        "changed group A grundskola 4A: pupils 24 → 25",
        "1 added, 1 changed, 0 removed, 4 left as they were, 0 kept though not in the file",
    ]


def test_a_file_with_one_wrong_row_changes_nothing(database: Database, import_rows: Import) -> None:
    import_rows(row("A", "4A"))
    before = organisation(database)
    with pytest.raises(OrganisationFileRejected):
        import_rows(row("A", "4A", "4,25,,,"), row("A", "4B", "4,-1,,,"))
    assert organisation(database) == before


def test_another_municipality_is_refused(database: Database, import_rows: Import) -> None:
    import_rows(row("A", "4A"))
    with pytest.raises(AnotherMunicipality, match="about municipality 0098, but this is the service of 0099"):
        import_rows(row("A", "4A").replace("0099", "0098"))
    assert organisation(database).municipality_code == "0099"


def test_a_group_with_a_link_that_has_been_open_is_kept_and_the_report_says_so(
    database: Database, import_rows: Import
) -> None:
    import_rows(row("A", "4A"), row("A", "4B"), row("A", "4C"))
    open_links(database, ("A", "4B"))
    report = import_rows(row("A", "4A"))
    assert report.kept == (("group", "A", "grundskola", "4B"),)
    assert report.removed == (("group", "A", "grundskola", "4C"),)
    assert groups(database) == ["A 4A", "A 4B"]
    assert import_rows(row("A", "4A")).kept == report.kept


def test_a_group_with_a_link_that_is_only_planned_is_removed(database: Database, import_rows: Import) -> None:
    import_rows(row("A", "4A"), row("A", "4B"))
    open_links(database, ("A", "4B"), opened=False)
    assert import_rows(row("A", "4A")).removed == (("group", "A", "grundskola", "4B"),)


def test_planned_links_follow_the_organisation_in_the_same_transaction(database: Database, import_rows: Import) -> None:
    import_rows(row("A", "4A"), row("B", "4A"))
    open_links(database, opened=False)
    issue_links(database, KEYS, ROUND.id)
    report = import_rows(row("A", "4A"), row("A", "4B"), keys=KEYS)
    assert ("unit", "B") in report.removed
    with database.read() as connection:
        assert [(link.unit_code, link.group) for link in links_of(connection, ROUND.id)] == [("A", "4A"), ("A", "4B")]


def test_an_import_whose_links_cannot_be_made_changes_nothing(database: Database, import_rows: Import) -> None:
    import_rows(row("A", "4A"))
    open_links(database, opened=False)
    other_key = LinkKeys(link=(bytes(range(32)),), lookup=KEYS.lookup)
    with pytest.raises(LinkKeyMissing):
        import_rows(row("A", "4A"), row("A", "4B"), keys=other_key)
    assert groups(database) == ["A 4A"]


def test_a_unit_in_use_is_kept_with_its_operator_but_without_its_unused_groups(
    database: Database, import_rows: Import
) -> None:
    import_rows(row("A", "4A"), row("B", "4A", operator="2"), row("B", "4B", operator="2"))
    open_links(database, ("B", "4A"))
    report = import_rows(row("A", "4A"))
    assert report.kept == (
        ("operator", "2"),
        ("unit", "B"),
        ("school form", "B", "grundskola"),
        ("group", "B", "grundskola", "4A"),
    )
    assert report.removed == (("group", "B", "grundskola", "4B"),)


def test_once_compiled_a_group_may_go_but_its_unit_stays_with_its_links(
    database: Database, import_rows: Import
) -> None:
    import_rows(row("A", "4A"), row("B", "4A", operator="2"))
    open_links(database, ("B", "4A"))
    with database.write() as connection:
        mark_collection(connection, "ht-2026", "pupil", compiled_at=datetime(2026, 11, 1, tzinfo=UTC))
    report = import_rows(row("A", "4A"))
    assert report.kept == (("operator", "2"), ("unit", "B"))
    assert groups(database) == ["A 4A"]


def test_a_link_of_a_whole_unit_keeps_all_groups_that_it_asks(database: Database, import_rows: Import) -> None:
    import_rows(row("A", "4A"), row("B", "4A"), row("B", "4B"))
    open_links(database, ("B", ""), access=Access.UNIT)
    import_rows(row("A", "4A"))
    assert groups(database) == ["A 4A", "B 4A", "B 4B"]
    import_rows(row("A", "4A"), row("B", "4C"))
    assert groups(database) == ["A 4A", "B 4C"]


def test_a_kept_group_leaves_its_count_to_the_units_row_where_that_has_one_now(
    database: Database, import_rows: Import, tmp_path: Path
) -> None:
    import_rows(row("A", "4A"))
    open_links(database, ("A", "4A"))
    rows = [row("A", "", ",50,,,"), row("A", "4B", "4,,,,")]
    report = import_rows(*rows)
    assert Change(("group", "A", "grundskola", "4A"), "pupils", "24", "") in report.changed
    assert import_rows(*rows).changed == ()
    export_organisation(database, tmp_path / "export.csv")
    assert import_organisation(database, tmp_path / "export.csv", KEYS).changed == ()


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_what_is_exported_imports_without_any_change(
    suffix: str, database: Database, import_rows: Import, tmp_path: Path
) -> None:
    import_rows(
        row("A", "'=4A", name="@home"),
        row("A", "", ",,,31,2", name="@home"),
        row("B", "1-3", "1-3,9,8,,", operator="2"),
    )
    path = tmp_path / f"export{suffix}"
    export_organisation(database, path)
    report = import_organisation(database, path, KEYS)
    assert (report.added, report.changed, report.removed, report.kept) == ((), (), (), ())
    assert organisation(database).school_forms["A", "grundskola"].groups[0].name == "=4A"


def test_an_export_goes_to_standard_output_as_csv(
    database: Database, import_rows: Import, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    import_rows(row("A", "4A"))
    export_organisation(database, "-")
    assert capfdbinary.readouterr().out.decode("utf-8-sig").splitlines() == [HEADER, row("A", "4A")]


def test_nothing_can_be_exported_before_the_first_import(database: Database, tmp_path: Path) -> None:
    with pytest.raises(NoOrganisation):
        export_organisation(database, tmp_path / "export.csv")
    assert list(tmp_path.glob("export*")) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("export.pdf", "the name must end in .csv or .xlsx"),
        ("none/export.csv", "cannot be written: No such file or directory"),
    ],
)
def test_an_export_that_cannot_be_written_says_so_in_one_line(
    name: str, reason: str, database: Database, import_rows: Import, tmp_path: Path
) -> None:
    import_rows(row("A", "4A"))
    with pytest.raises(CannotWrite, match=f"{name}: {reason}$"):
        export_organisation(database, tmp_path / name)

"""The municipality's organisation as it stands now."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    ForeignKey,
    ForeignKeyConstraint,
    Integer,
    Row,
    String,
    Table,
    delete,
    insert,
    select,
)

from survey_service.domain.organisation import (
    Grades,
    Group,
    Headcounts,
    Operator,
    Organisation,
    Unit,
    UnitSchoolForm,
)
from survey_service.storage.metadata import metadata

COUNTS = ("pupils", "guardians", "staff", "heads")


def _counts() -> list[Column[int]]:
    return [Column(name, Integer) for name in COUNTS]


municipality = Table(
    "municipality",
    metadata,
    Column("code", String(4), primary_key=True),
    Column("name", String(200), nullable=False),
)

operator = Table(
    "operator",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("kind", String(20), nullable=False),
)

unit = Table(
    "unit",
    metadata,
    Column("code", String(20), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("operator_code", ForeignKey("operator.code"), nullable=False),
    Column("contact_email", String(320), nullable=False),
)

unit_school_form = Table(
    "unit_school_form",
    metadata,
    Column("unit_code", ForeignKey("unit.code"), primary_key=True),
    Column("school_form", String(40), primary_key=True),
    *_counts(),
)

unit_group = Table(
    "unit_group",
    metadata,
    Column("unit_code", String(20), primary_key=True),
    Column("school_form", String(40), primary_key=True),
    Column("name", String(200), primary_key=True),
    Column("grade", String(5), nullable=False),
    *_counts(),
    ForeignKeyConstraint(["unit_code", "school_form"], ["unit_school_form.unit_code", "unit_school_form.school_form"]),
)


def load_organisation(connection: Connection) -> Organisation | None:
    """All of it, units by name and groups by grade and name; None before the first import."""
    place = connection.execute(select(municipality)).one_or_none()
    if place is None:
        return None
    groups: dict[tuple[str, str], list[Group]] = {}
    for row in connection.execute(select(unit_group)):
        groups.setdefault((row.unit_code, row.school_form), []).append(_group(row))
    operators = connection.execute(select(operator).order_by(operator.c.code))
    units = connection.execute(select(unit).order_by(unit.c.name, unit.c.code)).all()
    order = {row.code: place for place, row in enumerate(units)}
    sections = connection.execute(select(unit_school_form)).all()
    return Organisation(
        municipality_code=place.code,
        municipality=place.name,
        operators={row.code: Operator(row.code, row.name, row.kind) for row in operators},
        units={row.code: Unit(row.code, row.name, row.operator_code, row.contact_email) for row in units},
        school_forms={
            (row.unit_code, row.school_form): UnitSchoolForm(
                row.unit_code,
                row.school_form,
                _headcounts(row),
                tuple(sorted(groups.get((row.unit_code, row.school_form), []), key=_group_order)),
            )
            for row in sorted(sections, key=lambda row: (order[row.unit_code], row.school_form))
        },
    )


def municipality_name(connection: Connection) -> str | None:
    """What the municipality is called; None before the first import."""
    return connection.execute(select(municipality.c.name)).scalar_one_or_none()


def groups_of(connection: Connection, unit_code: str, school_form: str) -> list[Group]:
    """The groups of a unit's school form, by grade and name."""
    query = select(unit_group).where(unit_group.c.unit_code == unit_code, unit_group.c.school_form == school_form)
    groups = (_group(row) for row in connection.execute(query))
    return sorted(groups, key=_group_order)


def unit_names(connection: Connection) -> dict[str, str]:
    """What the units are called, by code and in the order of their names."""
    rows = connection.execute(select(unit.c.code, unit.c.name).order_by(unit.c.name, unit.c.code))
    return {row.code: row.name for row in rows}


def operator_names(connection: Connection) -> list[str]:
    """What the operators are called, the municipality's own first and then by name."""
    order = (operator.c.kind != "municipal", operator.c.name)
    return list(connection.execute(select(operator.c.name).order_by(*order)).scalars())


def replace_organisation(connection: Connection, organisation: Organisation) -> None:
    """Write the whole organisation in place of the one that was."""
    for table in (unit_group, unit_school_form, unit, operator, municipality):
        connection.execute(delete(table))
    connection.execute(
        insert(municipality), {"code": organisation.municipality_code, "name": organisation.municipality}
    )
    _insert(connection, operator, (vars(item) for item in organisation.operators.values()))
    _insert(connection, unit, (vars(item) for item in organisation.units.values()))
    sections = organisation.school_forms.values()
    _insert(
        connection,
        unit_school_form,
        ({"unit_code": item.unit_code, "school_form": item.school_form} | vars(item.counts) for item in sections),
    )
    _insert(
        connection,
        unit_group,
        (
            {
                "unit_code": item.unit_code,
                "school_form": item.school_form,
                "name": group.name,
                "grade": str(group.grades or ""),
            }
            | vars(group.counts)
            for item in sections
            for group in item.groups
        ),
    )


def _insert(connection: Connection, table: Table, rows: Iterable[dict[str, object]]) -> None:
    many = list(rows)
    if many:
        connection.execute(insert(table), many)


def _headcounts(row: object) -> Headcounts:
    return Headcounts(**{name: getattr(row, name) for name in COUNTS})


def _group(row: Row[Any]) -> Group:
    return Group(row.name, Grades.parse(row.grade) if row.grade else None, _headcounts(row))


def _group_order(group: Group) -> tuple[int, str]:
    return (group.grades.low if group.grades else 99, group.name)

"""Rounds and their collections."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Date,
    ForeignKey,
    Integer,
    Row,
    String,
    Table,
    insert,
    select,
    update,
)

from survey_service.domain.access import Access
from survey_service.domain.survey_round import Collection, Round
from survey_service.storage.metadata import Instant, metadata

survey_round = Table(
    "survey_round",
    metadata,
    Column("id", String(80), primary_key=True),
    Column("name", JSON, nullable=False),
    Column("school_year", String(20), nullable=False),
    Column("disposal_decision", String(200), nullable=False),
    Column("link_key", String(16), nullable=False),
    Column("thresholds", JSON, nullable=False),
)

collection = Table(
    "collection",
    metadata,
    Column("round_id", ForeignKey("survey_round.id"), primary_key=True),
    Column("id", String(80), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("school_form", String(40), nullable=False),
    Column("audience", String(20), nullable=False),
    Column("form", String(80), nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("access", String(20), nullable=False),
    Column("opens", Date, nullable=False),
    Column("closes", Date, nullable=False),
    Column("plan", JSON, nullable=False),
    Column("opened_at", Instant),
    Column("closed_at", Instant),
    Column("compiled_at", Instant),
)

PLANNED_IN_JSON = ("grades", "languages", "per", "spare", "seats", "access_by_unit", "closes_by_unit")


def list_rounds(connection: Connection) -> list[Round]:
    """Every round with its collections, by id."""
    rounds = connection.execute(select(survey_round).order_by(survey_round.c.id)).all()
    collections: dict[str, list[Collection]] = {row.id: [] for row in rounds}
    for row in connection.execute(select(collection).order_by(collection.c.round_id, collection.c.position)):
        collections[row.round_id].append(to_collection(row))
    return [_to_round(row, collections[row.id]) for row in rounds]


def find_round(connection: Connection, round_id: str) -> Round | None:
    """One round with its collections in their order, None where there is none."""
    row = connection.execute(select(survey_round).where(survey_round.c.id == round_id)).one_or_none()
    if row is None:
        return None
    query = select(collection).where(collection.c.round_id == round_id).order_by(collection.c.position)
    return _to_round(row, [to_collection(item) for item in connection.execute(query)])


def put_round(connection: Connection, planned: Round) -> None:
    """Write a round and its collections, new or in place of what was; states of collections are kept."""
    values = {name: getattr(planned, name) for name in survey_round.c.keys()}  # noqa: SIM118 - columns, not a dict
    known = find_round(connection, planned.id)
    if known is None:
        connection.execute(insert(survey_round), values)
    else:
        connection.execute(update(survey_round).where(survey_round.c.id == planned.id).values(values))
    stored = {item.id for item in known.collections} if known else set()
    dropped = stored - {item.id for item in planned.collections}
    for gone in dropped:
        connection.execute(collection.delete().where(collection.c.round_id == planned.id, collection.c.id == gone))
    for position, item in enumerate(planned.collections):
        row = _to_row(planned.id, position, item)
        if item.id in stored:
            where = (collection.c.round_id == planned.id) & (collection.c.id == item.id)
            connection.execute(update(collection).where(where).values(row))
        else:
            connection.execute(insert(collection), row)


def mark_collection(connection: Connection, round_id: str, collection_id: str, **instants: datetime) -> None:
    """Note when a collection was opened, closed or compiled: `opened_at`, `closed_at`, `compiled_at`."""
    where = (collection.c.round_id == round_id) & (collection.c.id == collection_id)
    connection.execute(update(collection).where(where).values(instants))


def to_collection(row: Any) -> Collection:
    """A collection from anything with the columns of its table as attributes."""
    plan = row.plan
    return Collection(
        id=row.id,
        school_form=row.school_form,
        audience=row.audience,
        form=row.form,
        form_version=row.form_version,
        access=Access(row.access),
        opens=row.opens,
        closes=row.closes,
        grades=tuple(plan["grades"]),
        languages=tuple(plan["languages"]),
        per=plan["per"],
        spare=plan["spare"],
        seats=plan["seats"],
        access_by_unit={code: Access(access) for code, access in plan["access_by_unit"].items()},
        closes_by_unit={code: date.fromisoformat(day) for code, day in plan["closes_by_unit"].items()},
        opened_at=row.opened_at,
        closed_at=row.closed_at,
        compiled_at=row.compiled_at,
    )


def _to_row(round_id: str, position: int, item: Collection) -> dict[str, Any]:
    plan = {name: getattr(item, name) for name in PLANNED_IN_JSON}
    plan["closes_by_unit"] = {code: day.isoformat() for code, day in item.closes_by_unit.items()}
    plain = ("id", "school_form", "audience", "form", "form_version", "access", "opens", "closes")
    return {"round_id": round_id, "position": position, "plan": plan} | {name: getattr(item, name) for name in plain}


def _to_round(row: Row[Any], collections: list[Collection]) -> Round:
    known = Round(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return replace(known, collections=tuple(collections))

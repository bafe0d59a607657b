"""Take a round as its file describes it: new, changed while planned, or with longer windows once open."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from survey_service.domain.form import Form
from survey_service.domain.survey_round import Collection, Round, State
from survey_service.questionnaires.form_file import digest, to_definition
from survey_service.services.find import existing_organisation
from survey_service.services.issue_links import LinkKeys, refresh_links
from survey_service.storage.database import Connection, Database
from survey_service.storage.forms import StoredForm, find_form, put_form
from survey_service.storage.links import links_of, remove_links
from survey_service.storage.rounds import find_round, put_round

EXTENDABLE = ("closes", "closes_by_unit")


class RoundRefused(Exception):
    """The round cannot become what the file says; its text is one line for each reason."""


def apply_round(database: Database, keys: LinkKeys, planned: Round, forms: Mapping[str, Form], now: datetime) -> int:
    """Write the round, its forms and its links, in one transaction; returns how many links it has.

    Collections that have opened keep all but their windows, which may only grow.
    Raises RoundRefused, NoOrganisation or LinkKeyMissing; then nothing has changed.
    """
    with database.write() as connection:
        organisation = existing_organisation(connection)
        known = find_round(connection, planned.id)
        reasons = [f"no unit has the code {code}" for code in _units_named(planned) if code not in organisation.units]
        if known is not None:
            planned = _with_states(planned, known)
            reasons += _refusals(known, planned, now)
        used = {item.form for item in planned.collections if item.state(now) is State.PLANNED}
        reasons += [reason for name in sorted(used) for reason in _put_form(connection, forms[name])]
        if reasons:
            raise RoundRefused("\n".join(reasons))
        kept = {item.id for item in planned.collections}
        for dropped in (item.id for item in known.collections if item.id not in kept) if known else ():
            remove_links(connection, [link.id for link in links_of(connection, planned.id, dropped)])
        put_round(connection, planned)
        return refresh_links(connection, keys, planned, organisation)


def _with_states(planned: Round, known: Round) -> Round:
    """The planned round with what only time may change: its link key and how far its collections have come."""
    before = {item.id: item for item in known.collections}
    return replace(
        planned,
        link_key=known.link_key,
        collections=tuple(
            replace(
                item,
                opened_at=before[item.id].opened_at,
                closed_at=before[item.id].closed_at,
                compiled_at=before[item.id].compiled_at,
            )
            if item.id in before
            else item
            for item in planned.collections
        ),
    )


def _refusals(known: Round, planned: Round, now: datetime) -> Iterator[str]:
    there = {item.id: item for item in planned.collections}
    for before in known.collections:
        after = there.get(before.id)
        if before.state(now) is State.PLANNED:
            continue
        if after is None:
            yield f"collection {before.id} has opened and cannot be taken away"
        elif replace(after, closes=before.closes, closes_by_unit=before.closes_by_unit) != before:
            yield f"collection {before.id} has opened: only `closes` and `closes_by_unit` can still be changed"
        else:
            yield from _window_refusals(before, after, now)


def _window_refusals(before: Collection, after: Collection, now: datetime) -> Iterator[str]:
    units = {"", *before.closes_by_unit, *after.closes_by_unit}
    if any(after.closes_at(unit) < before.closes_at(unit) for unit in units):
        yield f"collection {before.id} has opened: its window can only be made longer; to end it use `round close`"
    for unit in sorted(units):
        changed = after.closes_at(unit) != before.closes_at(unit)
        if changed and before.state(now, unit) in (State.CLOSED, State.COMPILED):
            whose = f" for unit {unit}" if unit else ""
            yield f"collection {before.id} has closed{whose}: its window cannot be changed any more"


def _put_form(connection: Connection, form: Form) -> Iterator[str]:
    """Write a form version down, unless it is frozen and has changed."""
    stored = find_form(connection, form.id, form.version)
    fresh = StoredForm(form.id, form.version, digest(form), to_definition(form))
    if stored is None or not stored.frozen:
        put_form(connection, fresh)
    elif stored.digest != fresh.digest:
        yield (
            f"form {form.id} version {form.version} is frozen, because a round with it has opened, "
            f"but its file has changed: undo the change or call it version {form.version + 1}"
        )


def _units_named(planned: Round) -> list[str]:
    return sorted({code for item in planned.collections for code in (*item.access_by_unit, *item.closes_by_unit)})

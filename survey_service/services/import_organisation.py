"""Import an organisation file: all of it or nothing, and what has answers is never dropped."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from survey_service.domain.access import Link
from survey_service.domain.organisation import Group, Headcounts, Organisation, UnitSchoolForm
from survey_service.domain.survey_round import Collection
from survey_service.services.issue_links import LinkKeys, refresh_all_links
from survey_service.services.organisation_columns import COUNTS
from survey_service.services.organisation_file import OrganisationFile, read_organisation_file
from survey_service.storage.database import Connection, Database
from survey_service.storage.links import links_of
from survey_service.storage.organisation import load_organisation, replace_organisation
from survey_service.storage.rounds import list_rounds

Item = tuple[str, ...]
"""What a thing is and its codes: ("unit", code), ("school form", unit, form), ("group", unit, form, name) …"""

InUse = set[tuple[str, str, str]]
"""(unit, school form, group) of links that have been open; the group is empty for a link of the unit."""


class AnotherMunicipality(Exception):
    """The file is about another municipality than the one that is stored."""

    def __init__(self, path: Path, found: str, stored: str) -> None:
        super().__init__(f"{path}: is about municipality {found}, but this is the service of {stored}")


@dataclass(frozen=True)
class Change:
    """One field of a thing, before and after."""

    item: Item
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class ImportReport:
    """What an import did. `left` are the unchanged; `kept` stood not in the file, but links to them have been open."""

    added: tuple[Item, ...]
    changed: tuple[Change, ...]
    removed: tuple[Item, ...]
    left: tuple[Item, ...]
    kept: tuple[Item, ...]
    ignored_columns: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """The report in words, a line for each thing that was not left as it was, and a summary at the end."""
        for verb, items in (("added", self.added), ("removed", self.removed)):
            yield from (f"{verb} {' '.join(item)}" for item in items)
        for change in self.changed:
            yield f"changed {' '.join(change.item)}: {change.field} {change.old or '–'} → {change.new or '–'}"
        yield from (f"kept {' '.join(item)}: not in the file, but its links have been open" for item in self.kept)
        if self.ignored_columns:
            yield f"ignored columns: {', '.join(self.ignored_columns)}"
        changed = len({change.item for change in self.changed})
        yield (
            f"{len(self.added)} added, {changed} changed, {len(self.removed)} removed, "
            f"{len(self.left)} left as they were, {len(self.kept)} kept though not in the file"
        )


def import_organisation(database: Database, path: Path, keys: LinkKeys) -> ImportReport:
    """Make the stored organisation what the file says, and the rounds' links what it asks for, in one transaction.

    Raises OrganisationFileRejected, AnotherMunicipality or LinkKeyMissing; then nothing has changed.
    """
    file = read_organisation_file(path)
    with database.write() as connection:
        report = apply_organisation(connection, file, path)
        refresh_all_links(connection, keys)
        return report


def apply_organisation(connection: Connection, file: OrganisationFile, path: Path) -> ImportReport:
    """The same inside a transaction of the caller's, who must see to the links of collections not yet opened.

    Those may point to units that are gone; the database refuses to commit while one does.
    """
    stored, wanted = load_organisation(connection), file.organisation
    if stored is None:
        replace_organisation(connection, wanted)
        return _report(None, wanted, wanted, file.ignored_columns)
    if stored.municipality_code != wanted.municipality_code:
        raise AnotherMunicipality(path, wanted.municipality_code, stored.municipality_code)
    opened = list(_opened_links(connection))
    # Answers are still needed until a collection is compiled; after that only the unit stays, with its old links.
    in_use = {
        (link.unit_code, collection.school_form, link.group)
        for collection, link in opened
        if collection.compiled_at is None
    }
    merged = keep_in_use(stored, wanted, in_use, {link.unit_code for _, link in opened})
    report = _report(stored, wanted, merged, file.ignored_columns)
    if report.added or report.changed or report.removed:
        replace_organisation(connection, merged)
    return report


def keep_in_use(stored: Organisation, wanted: Organisation, in_use: InUse, linked_units: set[str]) -> Organisation:
    """What is wanted, and what is stored and in use besides; a unit stays where links of it have been open.

    A link of a unit holds the whole school form where the file has none of it, else only the groups with own links.
    """
    sections = dict(wanted.school_forms)
    for key in sorted({(unit_code, school_form) for unit_code, school_form, _ in in_use} & stored.school_forms.keys()):
        old, new = stored.school_forms[key], sections.get(key)
        whole = new is None and (*key, "") in in_use
        names = {group.name for group in new.groups} if new else set()
        held = [group for group in old.groups if group.name not in names and (whole or (*key, group.name) in in_use)]
        sections[key] = _joined(new or replace(old, groups=()), held)
    held_units = {unit_code for unit_code, _ in sections} | linked_units
    units = {unit_code: stored.units[unit_code] for unit_code in sorted(held_units - wanted.units.keys())}
    operators = {unit.operator_code: stored.operators[unit.operator_code] for unit in units.values()}
    return replace(
        wanted,
        operators=operators | wanted.operators,
        units=units | wanted.units,
        school_forms=sections,
    )


def _joined(section: UnitSchoolForm, held: list[Group]) -> UnitSchoolForm:
    """The section with groups held back; a count that the unit's row has now may not stand on a group's too."""
    counted = {name: None for name in COUNTS if getattr(section.counts, name) is not None}
    groups = (replace(group, counts=Headcounts(**vars(group.counts) | counted)) for group in held)
    return replace(section, groups=(*section.groups, *groups))


def _opened_links(connection: Connection) -> Iterator[tuple[Collection, Link]]:
    """Every link that answers may have come to, with its collection."""
    for known in list_rounds(connection):
        for collection in known.collections:
            if collection.opened_at is not None:
                for link in links_of(connection, known.id, collection.id):
                    yield collection, link


def _report(
    stored: Organisation | None, wanted: Organisation, merged: Organisation, ignored: tuple[str, ...]
) -> ImportReport:
    before, after = _items(stored) if stored else {}, _items(merged)
    kept = after.keys() - _items(wanted).keys()
    both = [item for item in after if item in before]
    changed = tuple(
        Change(item, field, before[item][field], new)
        for item in both
        for field, new in after[item].items()
        if before[item][field] != new
    )
    return ImportReport(
        added=tuple(item for item in after if item not in before),
        changed=changed,
        removed=tuple(item for item in before if item not in after),
        left=tuple(item for item in both if before[item] == after[item] and item not in kept),
        kept=tuple(item for item in after if item in kept),
        ignored_columns=ignored,
    )


def _items(organisation: Organisation) -> dict[Item, dict[str, str]]:
    """Everything in the organisation with its fields as text, from the municipality down."""
    items: dict[Item, dict[str, str]] = {("municipality",): {"name": organisation.municipality}}
    for operator in organisation.operators.values():
        items["operator", operator.code] = {"name": operator.name, "kind": operator.kind}
    for unit in organisation.units.values():
        items["unit", unit.code] = {
            "name": unit.name,
            "operator_code": unit.operator_code,
            "contact_email": unit.contact_email,
        }
    for (unit_code, school_form), section in organisation.school_forms.items():
        items["school form", unit_code, school_form] = _counts(section.counts)
        for group in section.groups:
            fields = {"grade": str(group.grades or "")} | _counts(group.counts)
            items["group", unit_code, school_form, group.name] = fields
    return items


def _counts(counts: Headcounts) -> dict[str, str]:
    return {name: "" if number is None else str(number) for name, number in vars(counts).items()}

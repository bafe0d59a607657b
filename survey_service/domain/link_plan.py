"""Which links a collection needs: one for each group, each unit, or each pile of single-use cards."""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from survey_service.domain.access import SEATS_BEYOND_EXPECTED, Access
from survey_service.domain.organisation import Group, Organisation, UnitSchoolForm
from survey_service.domain.survey_round import Collection

SEATED_AUDIENCES = frozenset({"child", "pupil"})


@dataclass(frozen=True)
class PlannedLink:
    """A link as it should be: for a group, or for the whole unit where `group` is empty."""

    unit_code: str
    group: str
    access: Access
    codes: int
    expected: int
    seats: int | None


def plan_links(collection: Collection, organisation: Organisation) -> tuple[PlannedLink, ...]:
    """Every link of the collection, in the order of the organisation's units and groups."""
    return tuple(
        link
        for section in organisation.school_forms.values()
        if section.school_form == collection.school_form
        for link in _links_of(collection, section)
    )


def in_collection(collection: Collection, group: Group) -> bool:
    """Whether the group is asked: by its lowest grade, or always where the collection names no grades."""
    if not collection.grades:
        return True
    return group.grades is not None and group.grades.low in collection.grades


def _links_of(collection: Collection, section: UnitSchoolForm) -> Iterator[PlannedLink]:
    access = collection.access_for(section.unit_code)
    groups = [group for group in section.groups if in_collection(collection, group)]
    per_group = access is Access.GROUP or (access is Access.SINGLE_USE and collection.per == "group")
    if per_group:
        for group in groups:
            expected = group.counts.expected(collection.audience) or 0
            yield _link(collection, access, section.unit_code, group.name, expected)
    elif groups or not collection.grades:
        expected = section.expected(collection.audience, groups)
        if expected:
            yield _link(collection, access, section.unit_code, "", expected)


def _link(collection: Collection, access: Access, unit_code: str, group: str, expected: int) -> PlannedLink:
    codes, seats = 1, None
    if access is Access.SINGLE_USE:
        codes = max(1, math.ceil(expected * (1 + collection.spare)))
    elif access is Access.GROUP and collection.audience in SEATED_AUDIENCES:
        seats = collection.seats or (expected + SEATS_BEYOND_EXPECTED if expected else None)
    return PlannedLink(unit_code, group, access, codes, expected, seats)

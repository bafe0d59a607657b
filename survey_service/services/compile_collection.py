"""Compile a closed collection, once: open its tallies, fold what is too small, write the release, destroy the rest."""

from datetime import datetime

from survey_service.domain.access import Link
from survey_service.domain.answers import group_key
from survey_service.domain.counting_key import CountingKey
from survey_service.domain.disclosure import Node, decide
from survey_service.domain.link_plan import in_collection
from survey_service.domain.organisation import Organisation
from survey_service.domain.survey_round import Collection, State
from survey_service.domain.tally import WHOLE, TallyLayout, add_up, from_bytes
from survey_service.domain.thresholds import MINIMUM_ANSWERS, minimum_answers
from survey_service.services.count_sealed import CountingRoom
from survey_service.services.find import existing_organisation, existing_round
from survey_service.services.open_texts import open_texts
from survey_service.services.scrub import ask_for_scrub
from survey_service.storage.comments import add_comments
from survey_service.storage.database import Connection, lock_counting
from survey_service.storage.links import links_of
from survey_service.storage.releases import Counted, Release, add_release, add_tables
from survey_service.storage.rounds import mark_collection
from survey_service.storage.running_tallies import destroy_cells, own_groups_of, tallies_of
from survey_service.storage.sealed_answers import remove_quarantined

Leaves = dict[Node, tuple[list[int], int]]
"""For every group or unit with a link: its counters and its expected head-count."""


class NotCounted(Exception):
    """Answers may still come or still wait, so the collection cannot be compiled."""


class AlreadyCompiled(Exception):
    """A collection is compiled once; its tallies are destroyed."""


def compile_collection(room: CountingRoom, round_id: str, collection_id: str, now: datetime) -> Release:
    """Write a closed and counted collection into the round's next release and destroy its running tallies.

    One transaction. Raises NotCounted, AlreadyCompiled, or Unopenable where a tally does not open.
    """
    layout = _layout(room, round_id, collection_id)
    with room.database.write() as connection:
        lock_counting(connection, round_id)
        survey_round = existing_round(connection, round_id)
        collection = survey_round.collection(collection_id)
        if collection.state(now) is State.COMPILED:
            raise AlreadyCompiled(f"collection {collection_id} was compiled before")
        links = links_of(connection, round_id, collection_id)
        if collection.state(now) is not State.CLOSED or not all(link.final for link in links):
            raise NotCounted(f"collection {collection_id} is not closed and counted to the end")
        # Nothing smaller is written down anywhere, whatever a round may wish.
        rules = {"minimum_answers": minimum_answers("administrator", survey_round.thresholds)}
        leaves = _leaves(connection, room.key, layout, collection, links)
        nodes = _roll_up(leaves, layout)
        tables = {node: {key: layout.table(cells, key) for key in layout.keys} for node, (cells, _) in nodes.items()}
        release = add_release(connection, round_id, now, rules)
        released = decide(tables, rules["minimum_answers"])
        counted = {node: Counted(expected, tables[node][WHOLE][0]) for node, (_, expected) in nodes.items()}
        add_tables(
            connection,
            release,
            collection_id,
            ((item, counted[item.node] if item.key == WHOLE else None) for item in released),
        )
        answered = {node.unit_code: number.answered for node, number in counted.items() if node.level == "unit"}
        enough = {unit for unit, number in answered.items() if number >= MINIMUM_ANSWERS["unit"]}
        form = room.forms.get(collection.form, collection.form_version)
        add_comments(connection, round_id, collection_id, open_texts(connection, room.key, form, links, enough))
        destroy_cells(connection, [link.id for link in links])
        for link in links:
            remove_quarantined(connection, link.id)
        mark_collection(connection, round_id, collection_id, compiled_at=now)
        ask_for_scrub(connection)
        return release


def _layout(room: CountingRoom, round_id: str, collection_id: str) -> TallyLayout:
    with room.database.read() as connection:
        collection = existing_round(connection, round_id).collection(collection_id)
    return TallyLayout(room.forms.get(collection.form, collection.form_version).form)


def _leaves(
    connection: Connection, key: CountingKey, layout: TallyLayout, collection: Collection, links: list[Link]
) -> Leaves:
    """The counters of every link at its group or unit, and of every own group at that group."""
    organisation = existing_organisation(connection)
    opened: dict[Node, list[list[int]]] = {}
    expected: dict[Node, int] = {}
    nodes = {link.id: _node(organisation, collection, link.unit_code, link.group) for link in links}
    for link in links:
        opened[nodes[link.id]], expected[nodes[link.id]] = [], link.expected
    own = _own_groups(organisation, collection, links) if layout.form.asks_own_group else {}
    for (link_id, _), (node, count) in own.items():
        opened[node], expected[node] = [], count
        expected[nodes[link_id]] -= count  # the unit's head-count is that of its groups and of no one else
    for tally in tallies_of(connection, list(nodes)):
        if tally.closed_cells is not None:
            cells = key.open_tally(tally.closed_cells, tally.link_id, tally.version)
            opened[nodes[tally.link_id]].append(from_bytes(cells))
    for (link_id, version, group), closed in own_groups_of(connection, list(nodes)).items():
        node = own[link_id, group][0] if (link_id, group) in own else nodes[link_id]
        opened[node].append(from_bytes(key.open_tally(closed, link_id, version, group)))
    return {node: (add_up(arrays, layout.size), expected[node]) for node, arrays in opened.items()}


def _own_groups(
    organisation: Organisation, collection: Collection, links: list[Link]
) -> dict[tuple[str, str], tuple[Node, int]]:
    """(node, expected head-count) of the groups to choose from, by link and hexadecimal group key."""
    return {
        (link.id, group_key(group.name).hex()): (
            _node(organisation, collection, link.unit_code, group.name),
            group.counts.expected(collection.audience) or 0,
        )
        for link in links
        if not link.group
        for group in organisation.school_forms[link.unit_code, collection.school_form].groups
        if in_collection(collection, group)
    }


def _node(organisation: Organisation, collection: Collection, unit_code: str, group: str) -> Node:
    """The place of a unit or one of its groups in the tree of the municipality."""
    unit = organisation.units[unit_code]
    operator = organisation.operators[unit.operator_code]
    above = Node("operator", operator.code, operator.kind, parent=Node("municipality"))
    at_unit = Node("unit", operator.code, operator.kind, unit.code, parent=above)
    if not group:
        return at_unit
    section = organisation.school_forms[unit.code, collection.school_form]
    grades = {item.name: str(item.grades or "") for item in section.groups}
    return Node("group", operator.code, operator.kind, unit.code, group, grades.get(group, ""), parent=at_unit)


def _roll_up(leaves: Leaves, layout: TallyLayout) -> Leaves:
    """Leaves and every node above them: counters and head-counts are the sums of the leaves below."""
    below: dict[Node, list[tuple[list[int], int]]] = {}
    for leaf, counted in leaves.items():
        node: Node | None = leaf
        while node is not None:
            below.setdefault(node, []).append(counted)
            node = node.parent
    return {
        node: (add_up([cells for cells, _ in parts], layout.size), sum(expected for _, expected in parts))
        for node, parts in below.items()
    }

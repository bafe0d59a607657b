"""Compile a closed collection, once: open its tallies, fold what is too small, write the release, destroy the rest."""

from datetime import datetime

from survey_service.domain.access import Link
from survey_service.domain.counting_key import CountingKey
from survey_service.domain.disclosure import MINIMUM_ANSWERS, Node, decide
from survey_service.domain.organisation import Organisation
from survey_service.domain.survey_round import Collection, State
from survey_service.domain.tally import WHOLE, TallyLayout, add_up, from_bytes
from survey_service.services.count_sealed import CountingRoom
from survey_service.services.find import existing_organisation, existing_round
from survey_service.services.scrub import ask_for_scrub
from survey_service.storage.database import Connection, lock_counting
from survey_service.storage.links import links_of
from survey_service.storage.releases import Counted, Release, add_release, add_tables
from survey_service.storage.rounds import mark_collection
from survey_service.storage.running_tallies import destroy_cells, tallies_of
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
        wished = survey_round.thresholds.get("administrator", {}).get("minimum_answers", 0)
        # Nothing smaller is written down anywhere, whatever a round may wish.
        rules = {"minimum_answers": max(wished, MINIMUM_ANSWERS["administrator"])}
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
    organisation = existing_organisation(connection)
    opened: dict[str, list[list[int]]] = {link.id: [] for link in links}
    for tally in tallies_of(connection, list(opened)):
        if tally.closed_cells is not None:
            opened[tally.link_id].append(from_bytes(key.open_tally(tally.closed_cells, tally.link_id, tally.version)))
    return {
        _node(organisation, collection, link): (add_up(opened[link.id], layout.size), link.expected) for link in links
    }


def _node(organisation: Organisation, collection: Collection, link: Link) -> Node:
    """The place of a link in the tree of the municipality."""
    unit = organisation.units[link.unit_code]
    operator = organisation.operators[unit.operator_code]
    above = Node("operator", operator.code, operator.kind, parent=Node("municipality"))
    at_unit = Node("unit", operator.code, operator.kind, unit.code, parent=above)
    if not link.group:
        return at_unit
    section = organisation.school_forms[unit.code, collection.school_form]
    grades = {group.name: str(group.grades or "") for group in section.groups}
    return Node(
        "group", operator.code, operator.kind, unit.code, link.group, grades.get(link.group, ""), parent=at_unit
    )


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

"""What may be written down: tables with too few answers are folded into the level above.

The rule here is the plain minimum, applied so that what is left over by subtraction is never too small either.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from survey_service.domain.tally import WHOLE, Table, TableKey

LEVELS = ("group", "unit", "operator", "municipality")


class Status(StrEnum):
    """Why a figure is there or not; a figure that is not OK is empty, never zero."""

    OK = "ok"
    SUPPRESSED = "suppressed"
    EMPTY = "empty"


@dataclass(frozen=True)
class Node:
    """A group, unit, operator or the municipality; the codes above its level are filled in, those below empty."""

    level: str
    operator_code: str = ""
    operator_kind: str = ""
    unit_code: str = ""
    group: str = ""
    grade: str = ""
    parent: "Node | None" = None


@dataclass(frozen=True)
class ReleasedTable:
    """A table as it is written down: `table` is None unless the status is OK."""

    node: Node
    key: TableKey
    status: Status
    table: Table | None = None


Tables = Mapping[TableKey, Table]


def decide(tables: Mapping[Node, Tables], minimum: int) -> list[ReleasedTable]:
    """Every node's tables with a status each; tables that must not be shown are left out of the result's figures.

    A breakdown is shown whole or not at all, and never where its node is hidden.
    """
    released = []
    breakdowns = sorted({key.breakdown for by_key in tables.values() for key in by_key} - {""})
    hidden = _hidden(tables, lambda key: key == WHOLE, minimum, frozenset())
    hidden_of = {"": hidden} | {
        name: _hidden(tables, lambda key, name=name: key.breakdown == name, minimum, hidden)  # type: ignore[misc]
        for name in breakdowns
    }
    for node, by_key in tables.items():
        for key, table in by_key.items():
            if node in hidden_of[key.breakdown]:
                released.append(ReleasedTable(node, key, Status.SUPPRESSED))
            elif table[0] == 0:
                released.append(ReleasedTable(node, key, Status.EMPTY))
            else:
                released.append(ReleasedTable(node, key, Status.OK, table))
    return released


def _hidden(
    tables: Mapping[Node, Tables],
    belongs: Callable[[TableKey], bool],
    minimum: int,
    already: frozenset[Node],
) -> frozenset[Node]:
    """Nodes whose tables of one bundle are hidden, from the top down; below a hidden node everything is."""
    answers = {
        node: tuple(table[0] for key, table in by_key.items() if belongs(key)) for node, by_key in tables.items()
    }
    hidden = {node for node in tables if any(answers[node]) and not _enough(answers[node], minimum)} | already
    children_of: dict[Node | None, list[Node]] = {}
    for node in tables:
        if any(answers[node]):
            children_of.setdefault(node.parent, []).append(node)
    for level in reversed(LEVELS):
        for node in (node for node in tables if node.level == level):
            children = children_of.get(node, [])
            if node in hidden:
                hidden.update(children)
            else:
                hidden.update(_too_little_left(node, children, hidden, answers, minimum))
    return frozenset(hidden)


def _too_little_left(
    node: Node, children: Sequence[Node], hidden: set[Node], answers: Mapping[Node, Sequence[int]], minimum: int
) -> set[Node]:
    """The smallest further children to hide until what no child shows is two parts or more and together enough.

    The node's own answers, those that are in none of its children, are such a part.
    """
    shown = sorted((child for child in children if child not in hidden), key=lambda child: sum(answers[child]))
    folded = [answers[child] for child in children if child in hidden]
    own = [whole - sum(answers[child][place] for child in children) for place, whole in enumerate(answers[node])]
    if any(own):
        folded.append(own)
    also: set[Node] = set()
    while folded and shown:
        together = tuple(sum(column) for column in zip(*folded, strict=True))
        if len(folded) > 1 and _enough(together, minimum):
            break
        smallest = shown.pop(0)
        folded.append(answers[smallest])
        also.add(smallest)
    return also


def _enough(answers: Sequence[int], minimum: int) -> bool:
    return all(number == 0 or number >= minimum for number in answers)

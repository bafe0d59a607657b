"""What is written down is safe: no small table is shown, and none can be had by subtraction."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.disclosure import Node, Status, decide
from survey_service.domain.tally import WHOLE, TableKey

MINIMUM = 5

Sizes = Mapping[str, Sequence[int]]
"""Answers of every group, by unit; a unit named A1 belongs to operator A."""


def node(unit: str = "", group: str = "", operator: str = "A") -> Node:
    town = Node("municipality")
    owner = Node("operator", operator, "municipal", parent=town)
    school = Node("unit", operator, "municipal", unit, parent=owner)
    return Node("group", operator, "municipal", unit, group, parent=school) if group else school


def tree(units: Sizes) -> dict[Node, int]:
    """Every node with its number of answers."""
    numbers: dict[Node, int] = {}
    for unit, sizes in units.items():
        for place, size in enumerate(sizes):
            here: Node | None = node(unit, f"{unit}-{place}", operator=unit[0])
            while here is not None:
                numbers[here] = numbers.get(here, 0) + size
                here = here.parent
    return numbers


def statuses(units: Sizes) -> dict[str, Status]:
    """Status of the whole table of every node, by the name of its lowest part."""
    tables = {at: {WHOLE: (number,)} for at, number in tree(units).items()}
    return {
        item.node.group or item.node.unit_code or item.node.operator_code or "all": item.status
        for item in decide(tables, MINIMUM)
    }


def hidden(units: Sizes) -> set[str]:
    return {name for name, status in statuses(units).items() if status is Status.SUPPRESSED}


def test_where_every_group_is_large_enough_everything_is_shown() -> None:
    assert set(statuses({"A1": [5, 20], "A2": [12]}).values()) == {Status.OK}


def test_a_class_of_three_is_folded_and_another_class_with_it() -> None:
    assert hidden({"A1": [3, 20, 15]}) == {"A1-0", "A1-2"}


def test_the_smallest_sibling_is_hidden_so_that_most_is_shown() -> None:
    assert hidden({"A1": [20, 4, 6, 30]}) == {"A1-1", "A1-2"}


def test_two_small_groups_that_are_enough_together_need_no_third() -> None:
    assert hidden({"A1": [2, 3, 20]}) == {"A1-0", "A1-1"}


def test_two_small_groups_that_are_too_few_together_take_a_third_with_them() -> None:
    assert hidden({"A1": [1, 1, 20, 9]}) == {"A1-0", "A1-1", "A1-3"}


def test_a_unit_that_is_too_small_is_folded_with_all_its_groups() -> None:
    assert hidden({"A1": [2, 2], "A2": [20, 20], "A3": [30, 30]}) == {
        *("A1", "A1-0", "A1-1"),
        *("A2", "A2-0", "A2-1"),
    }


def test_below_a_unit_hidden_for_anothers_sake_nothing_is_shown() -> None:
    # Its groups would sum to it.
    assert {"A2", "A2-0", "A2-1"} <= hidden({"A1": [3], "A2": [6, 6], "A3": [50]})


def test_every_single_rektor_is_folded_up_to_the_operator() -> None:
    rektors = {f"A{number}": [1] for number in range(1, 8)}
    found = statuses(rektors)
    assert (found["all"], found["A"]) == (Status.OK, Status.OK)
    assert hidden(rektors) == {*rektors, *(f"{unit}-0" for unit in rektors)}


def test_four_answers_in_all_are_shown_nowhere() -> None:
    assert set(statuses({"A1": [2, 2]}).values()) == {Status.SUPPRESSED}


def test_an_only_group_is_shown_with_its_unit() -> None:
    assert set(statuses({"A1": [7]}).values()) == {Status.OK}


def test_nobody_answered_is_empty_and_not_hidden() -> None:
    found = statuses({"A1": [0, 20], "A2": [0]})
    assert found["A1-0"] is found["A2"] is found["A2-0"] is Status.EMPTY
    assert found["A1-1"] is Status.OK


def test_where_nobody_answered_at_all_everything_is_empty() -> None:
    assert set(statuses({"A1": [0, 0], "A2": [0]}).values()) == {Status.EMPTY}


def test_an_empty_group_is_no_cover_for_a_small_one() -> None:
    assert hidden({"A1": [3, 0, 20, 30]}) == {"A1-0", "A1-2"}


def test_a_small_operator_takes_another_with_it() -> None:
    assert {"B", "C"} <= hidden({"A1": [90], "B1": [3], "C1": [40], "D1": [60]})


GIRL, BOY, OTHER = (TableKey("gender", value) for value in ("girl", "boy", "other"))


def broken_down(groups: Mapping[str, tuple[int, int, int]]) -> dict[tuple[str, TableKey], Status]:
    """Status of every table of one unit's groups; "" is the unit."""
    tables: dict[Node, dict[TableKey, tuple[int, ...]]] = {}
    for name, numbers in groups.items():
        here: Node | None = node("A1", name)
        while here is not None:
            before = tables.setdefault(here, dict.fromkeys((WHOLE, GIRL, BOY, OTHER), (0,)))
            parts = dict(zip((WHOLE, GIRL, BOY, OTHER), (sum(numbers), *numbers), strict=True))
            tables[here] = {key: (before[key][0] + parts[key],) for key in before}
            here = here.parent
    return {
        (item.node.group, item.key): item.status
        for item in decide(tables, MINIMUM)
        if item.node.level in {"group", "unit"}
    }


def test_one_other_in_a_class_hides_the_whole_breakdown_there_but_not_the_class() -> None:
    found = broken_down({"4A": (10, 10, 1), "4B": (9, 9, 2), "4C": (8, 8, 2)})
    assert found["4A", WHOLE] is Status.OK
    assert {found["4A", key] for key in (GIRL, BOY, OTHER)} == {Status.SUPPRESSED}
    assert {found["", key] for key in (GIRL, BOY, OTHER)} == {Status.OK}


def test_a_breakdown_hidden_in_one_class_is_hidden_in_another_too() -> None:
    found = broken_down({"4A": (10, 2, 0), "4B": (12, 9, 0), "4C": (14, 14, 0)})
    assert [name for name in ("4A", "4B", "4C") if found[name, GIRL] is Status.SUPPRESSED] == ["4A", "4B"]


def test_values_that_nobody_chose_are_empty_where_the_breakdown_is_shown() -> None:
    found = broken_down({"4A": (10, 12, 0), "4B": (12, 9, 0)})
    assert found["4A", OTHER] is Status.EMPTY
    assert found["4A", GIRL] is Status.OK


def test_a_hidden_breakdown_does_not_tell_which_values_nobody_chose() -> None:
    found = broken_down({"4A": (10, 2, 0), "4B": (12, 9, 0)})
    assert found["4A", OTHER] is Status.SUPPRESSED


def test_no_breakdown_is_shown_of_a_class_that_is_hidden() -> None:
    # Without 4B there would be enough girls and boys in 4A and 4C to hide behind.
    found = broken_down({"4A": (3, 0, 0), "4B": (10, 10, 0), "4C": (2, 30, 0)})
    assert found["4B", WHOLE] is Status.SUPPRESSED
    assert found["4B", GIRL] is Status.SUPPRESSED


def test_a_table_that_is_not_shown_carries_no_figures() -> None:
    tables = {at: {WHOLE: (number,)} for at, number in tree({"A1": [3, 20, 0, 30]}).items()}
    assert all((item.table is None) == (item.status is not Status.OK) for item in decide(tables, MINIMUM))


numbers = st.integers(0, 30) | st.sampled_from([0, 1, 4, 5])
forests = st.dictionaries(
    st.sampled_from([f"{operator}{unit}" for operator in "ABC" for unit in range(4)]),
    st.lists(st.tuples(numbers, numbers, st.integers(0, 6)), min_size=1, max_size=5),
    min_size=1,
)


@given(forests)
def test_nothing_small_is_shown_or_left_over_in_any_municipality(
    forest: dict[str, list[tuple[int, int, int]]],
) -> None:
    trees = [tree({unit: [group[place] for group in groups] for unit, groups in forest.items()}) for place in range(3)]
    keys = (GIRL, BOY, OTHER)
    tables = {
        at: {key: (each[at],) for key, each in zip(keys, trees, strict=True)}
        | {WHOLE: (sum(each[at] for each in trees),)}
        for at in trees[0]
    }
    released = {(item.node, item.key): item for item in decide(tables, MINIMUM)}
    assert released.keys() == {(at, key) for at, by_key in tables.items() for key in by_key}
    for (at, key), item in released.items():
        assert item.status is not Status.OK or tables[at][key][0] >= MINIMUM
        if item.status is Status.SUPPRESSED:
            continue
        below = [child for child in tables if child.parent == at]
        covered = [child for child in below if released[child, key].status is Status.SUPPRESSED]
        left_over = sum(tables[child][key][0] for child in covered)
        assert left_over == 0 or left_over >= MINIMUM
        assert not left_over or len(covered) > 1
    for at in tables:
        assert len({released[at, key].status is Status.SUPPRESSED for key in keys}) == 1
        if released[at, WHOLE].status is Status.SUPPRESSED:
            assert released[at, GIRL].status is Status.SUPPRESSED

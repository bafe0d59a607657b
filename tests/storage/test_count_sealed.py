"""Answers are counted in batches that tell nothing, each exactly once, and what does not open is kept apart."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from survey_service.domain.access import Access, Closed
from survey_service.domain.answers import answer_context
from survey_service.domain.counting_key import CountingKey, Unopenable, public_part
from survey_service.domain.sealing import seal
from survey_service.domain.tally import WHOLE, TallyLayout, from_bytes
from survey_service.services.count_sealed import MOST_TAKEN, count_batch, count_batches, count_finally
from survey_service.services.forms_in_use import FormsInUse
from survey_service.services.replace_link import replace_link
from survey_service.storage.database import Database
from survey_service.storage.running_tallies import put_tally
from survey_service.storage.sealed_answers import (
    add_receipt,
    add_sealed,
    quarantined_per_link,
    waiting,
    waiting_per_link,
)
from tests.support.installation import COUNTING_KEY, PUPILS, Installation, an_installation
from tests.support.small_form import SMALL_FORM

LAYOUT = TallyLayout(SMALL_FORM)


@pytest.fixture
def installation(database: Database) -> Installation:
    return an_installation(database, {"A": {"4A": 20, "4B": 20}}, replace(PUPILS, seats=1000))


def waits(installation: Installation, group: str = "4A") -> int:
    link = installation.link(group=group)
    with installation.database.read() as connection:
        return sum(number for (link_id, _), number in waiting_per_link(connection).items() if link_id == link.id)


def cells_of(installation: Installation, group: str = "4A", version: int = 1) -> list[int]:
    tally = installation.tally(installation.link(group=group), version)
    assert tally.closed_cells is not None
    return from_bytes(CountingKey([COUNTING_KEY]).open_tally(tally.closed_cells, tally.link_id, tally.version))


def store_box(installation: Installation, box: bytes, group: str = "4A") -> None:
    link = installation.link(group=group)
    with installation.database.write() as connection:
        add_receipt(connection, link.id, link.version, box.hex()[-32:])
        add_sealed(connection, link.id, link.version, box)


@pytest.mark.parametrize("number", [0, 1, 5, 9])
def test_fewer_than_ten_waiting_are_left_alone(installation: Installation, number: int) -> None:
    installation.put_many(installation.link(group="4A"), number)
    assert count_batches(installation.counting_room) == 0
    assert waits(installation) == number


def test_ten_waiting_are_taken_by_half(installation: Installation) -> None:
    installation.put_many(installation.link(group="4A"), 10)
    assert count_batches(installation.counting_room) == 5
    assert waits(installation) == 5


def test_every_batch_takes_five_or_more_and_leaves_five_or_more(installation: Installation) -> None:
    room = installation.counting_room
    sizes = set()
    for _ in range(15):
        installation.put_many(installation.link(group="4A"), 16 - waits(installation))
        sizes.add(count_batches(room))
        assert waits(installation) >= 5
    assert min(sizes) >= 5
    assert len(sizes) > 1, "the size of a batch is drawn by lot"


def test_a_batch_is_drawn_by_lot_from_all_that_wait(installation: Installation) -> None:
    link = installation.link(group="4A")
    installation.put_many(link, 12)
    with installation.database.read() as connection:
        before = [box_id for box_id, _ in waiting(connection, link.id, 1)]
    count_batches(installation.counting_room)
    with installation.database.read() as connection:
        left = {box_id for box_id, _ in waiting(connection, link.id, 1)}
    assert left < set(before)
    assert len(set(before) - left) >= 5


def test_a_batch_is_never_so_large_that_respondents_would_wait(installation: Installation) -> None:
    installation.put_many(installation.link(group="4A"), MOST_TAKEN + 40)
    link = installation.link(group="4A")
    assert count_batch(installation.counting_room, link.id, 1) <= MOST_TAKEN


def test_links_are_counted_apart(installation: Installation) -> None:
    installation.put_many(installation.link(group="4A"), 9, safe="fully")
    installation.put_many(installation.link(group="4B"), 10, safe="mostly")
    assert count_batches(installation.counting_room) == 5
    assert (waits(installation, "4A"), waits(installation, "4B")) == (9, 5)


def test_the_final_count_takes_everything_and_no_answer_is_lost_or_doubled(installation: Installation) -> None:
    room, link = installation.counting_room, installation.link(group="4A")
    installation.put_many(link, 13, safe="fully", gender="girl")
    installation.answer(installation.codes(group="4A")[0])
    assert count_batches(room) + count_finally(room, link.id) == 14
    cells = cells_of(installation)
    assert (cells[0], LAYOUT.table(cells, WHOLE)[0]) == (1, 13)
    assert waits(installation) == 0
    assert installation.link(group="4A").final
    installation.assert_balanced()


def test_counting_finally_twice_counts_once(installation: Installation) -> None:
    room, link = installation.counting_room, installation.link(group="4A")
    installation.put_many(link, 7)
    assert (count_finally(room, link.id), count_finally(room, link.id)) == (7, 0)
    assert installation.tally(link).counted == 7


def test_a_link_that_nobody_answered_is_final_without_a_tally(installation: Installation) -> None:
    room, link = installation.counting_room, installation.link(group="4A")
    assert count_finally(room, link.id) == 0
    assert installation.link(group="4A").final
    assert installation.tally(link).closed_cells is None


def test_a_tally_is_a_few_hundred_bytes_that_tell_nothing(installation: Installation) -> None:
    room, link = installation.counting_room, installation.link(group="4A")
    installation.put_many(link, 10, safe="fully")
    count_batches(room)
    first = installation.tally(link).closed_cells
    count_finally(room, link.id)
    second = installation.tally(link).closed_cells
    assert first is not None
    assert second is not None
    assert len(first) == len(second)
    assert first != second


def test_answers_to_two_versions_of_a_link_are_tallied_apart(installation: Installation) -> None:
    link = installation.link(group="4A")
    installation.put_many(link, 6, safe="fully")
    replace_link(installation.database, installation.keys, link.id)
    installation.put_many(installation.link(group="4A"), 3, safe="mostly")
    assert count_finally(installation.counting_room, link.id) == 9
    assert [installation.tally(link, version).counted for version in (1, 2)] == [6, 3]
    installation.assert_balanced()


@pytest.mark.parametrize(
    "box",
    [
        b"",
        b"no box at all",
        seal(public_part(b"another key of thirty-two bytes!"), b"x" * 20),
        seal(public_part(COUNTING_KEY), b"sealed rightly, but no answer"),
    ],
    ids=["empty", "noise", "another key", "no answer"],
)
def test_a_box_that_does_not_open_is_quarantined_and_the_others_are_counted(
    installation: Installation, box: bytes
) -> None:
    link = installation.link(group="4A")
    installation.put_many(link, 6, safe="fully")
    store_box(installation, box)
    assert count_finally(installation.counting_room, link.id) == 7
    tally = installation.tally(link)
    assert (tally.counted, tally.quarantined) == (6, 1)
    with installation.database.read() as connection:
        assert quarantined_per_link(connection) == {(link.id, 1): 1}
    installation.assert_balanced()


def test_a_box_moved_to_another_link_is_not_counted_there(installation: Installation) -> None:
    source, target = installation.link(group="4A"), installation.link(group="4B")
    form = FormsInUse(installation.database).get(SMALL_FORM.id, 1)
    plaintext = form.layout.encode({"safe": ("fully",)}, answer_context(source.id, 1, form.digest))
    store_box(installation, seal(public_part(COUNTING_KEY), plaintext), "4B")
    count_finally(installation.counting_room, target.id)
    assert (installation.tally(target).counted, installation.tally(target).quarantined) == (0, 1)


def test_a_tally_moved_to_another_link_stops_the_count_and_loses_nothing(installation: Installation) -> None:
    source, target = installation.link(group="4A"), installation.link(group="4B")
    installation.put_many(source, 10)
    installation.put_many(target, 10)
    count_batch(installation.counting_room, source.id, 1)
    with installation.database.write() as connection:
        put_tally(connection, replace(installation.tally(source), link_id=target.id))
    with pytest.raises(Unopenable):
        count_batch(installation.counting_room, target.id, 1)
    assert waits(installation, "4B") == 10


def test_two_workers_at_once_count_every_answer_once(installation: Installation) -> None:
    link = installation.link(group="4A")
    installation.put_many(link, 60, safe="fully")
    rooms = [installation.counting_room for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        taken = sum(pool.map(lambda room: sum(count_batches(room) for _ in range(5)), rooms))
        taken += sum(pool.map(lambda room: count_finally(room, link.id), rooms))
    assert taken == 60
    assert LAYOUT.table(cells_of(installation), WHOLE)[0] == 60
    installation.assert_balanced()


def test_answers_sent_while_the_last_are_counted_are_counted_or_refused(installation: Installation) -> None:
    link = installation.link(group="4A")
    tokens = [installation.form_token(installation.codes(group="4A")[0]) for _ in range(20)]

    def send(number: int) -> bool:
        try:
            installation.send(tokens[number], safe="fully")
        except Closed:
            return False
        return True

    with ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(send, number) for number in range(10)]
        final = pool.submit(count_finally, installation.counting_room, link.id)
        sent += [pool.submit(send, number) for number in range(10, 20)]
        final.result()
        thanked = sum(item.result() for item in sent)
    assert installation.tally(link).counted == thanked
    assert waits(installation) == 0
    installation.assert_balanced()


def test_a_key_that_was_changed_midway_counts_what_both_sealed(installation: Installation) -> None:
    link = installation.link(group="4A")
    installation.put_many(link, 10, safe="fully")
    count_batches(installation.counting_room)
    newer = bytes(reversed(range(32)))
    room = replace(installation.counting_room, key=CountingKey([newer, COUNTING_KEY]))
    assert count_finally(room, link.id) == 5
    tally = installation.tally(link)
    assert tally.closed_cells is not None
    cells = from_bytes(CountingKey([newer]).open_tally(tally.closed_cells, link.id, 1))
    assert LAYOUT.table(cells, WHOLE)[0] == 10


def test_a_unit_link_without_seats_is_counted_alike(database: Database) -> None:
    installation = an_installation(database, {"A": {"4A": 20}}, replace(PUPILS, access=Access.UNIT))
    installation.answer(installation.codes()[0], times=11, noisy="never")
    count_batches(installation.counting_room)
    count_finally(installation.counting_room, installation.link().id)
    assert LAYOUT.table(cells_of(installation, ""), WHOLE)[0] == 11

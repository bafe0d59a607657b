"""Sealed answers open with the counting key alone, and running tallies only where they belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.counting_key import CountingKey, Unopenable, check_word, public_part
from survey_service.domain.sealing import seal

OLD, NEW = b"o" * 32, bytes(range(32))


@given(st.binary(max_size=200))
def test_what_was_sealed_is_opened_by_the_counting_key(plaintext: bytes) -> None:
    assert CountingKey([NEW]).open_answer(seal(public_part(NEW), plaintext)) == plaintext


@given(st.binary(min_size=40, max_size=40))
def test_all_boxes_of_one_form_are_of_one_length(plaintext: bytes) -> None:
    assert len(seal(public_part(NEW), plaintext)) == 40 + 48


def test_the_same_answer_is_never_sealed_twice_alike() -> None:
    assert seal(public_part(NEW), b"same") != seal(public_part(NEW), b"same")


def test_another_key_cannot_open_a_box() -> None:
    with pytest.raises(Unopenable):
        CountingKey([OLD]).open_answer(seal(public_part(NEW), b"answer"))


def test_the_sealing_key_is_no_counting_key() -> None:
    with pytest.raises(Unopenable):
        CountingKey([public_part(NEW)]).open_answer(seal(public_part(NEW), b"answer"))


def test_older_keys_still_open_after_the_key_was_changed() -> None:
    key = CountingKey([NEW, OLD])
    assert key.open_answer(seal(public_part(OLD), b"older")) == b"older"
    assert key.open_answer(seal(public_part(NEW), b"newer")) == b"newer"
    assert key.open_tally(CountingKey([OLD]).close_tally(b"cells", "link", 1), "link", 1) == b"cells"


def test_a_tally_is_closed_with_the_newest_key() -> None:
    closed = CountingKey([NEW, OLD]).close_tally(b"cells", "link", 1)
    assert CountingKey([NEW]).open_tally(closed, "link", 1) == b"cells"
    with pytest.raises(Unopenable):
        CountingKey([OLD]).open_tally(closed, "link", 1)


@pytest.mark.parametrize("length", [0, 1, 47, 48, 100])
def test_what_is_no_box_does_not_open(length: int) -> None:
    with pytest.raises(Unopenable):
        CountingKey([NEW, OLD]).open_answer(b"x" * length)
    with pytest.raises(Unopenable):
        CountingKey([NEW, OLD]).open_tally(b"x" * length, "link", 1)


def test_a_box_with_one_changed_bit_does_not_open() -> None:
    box = seal(public_part(NEW), b"answer")
    for place in range(len(box)):
        damaged = box[:place] + bytes([box[place] ^ 1]) + box[place + 1 :]
        with pytest.raises(Unopenable):
            CountingKey([NEW]).open_answer(damaged)


def test_a_tally_opens_only_under_its_own_link_and_version() -> None:
    key = CountingKey([NEW])
    closed = key.close_tally(b"cells", "link", 1)
    assert key.open_tally(closed, "link", 1) == b"cells"
    for place in (("knil", 1), ("link", 2), ("link", 11)):
        with pytest.raises(Unopenable):
            key.open_tally(closed, *place)


def test_a_tally_hides_whether_it_has_changed() -> None:
    key = CountingKey([NEW])
    assert key.close_tally(b"cells", "link", 1) != key.close_tally(b"cells", "link", 1)
    assert len(key.close_tally(b"\0" * 40, "link", 1)) == len(key.close_tally(b"\xff" * 40, "link", 1))


def test_the_check_word_is_sixteen_digits_that_belong_to_the_key() -> None:
    word = check_word(NEW)
    assert word == check_word(NEW) != check_word(OLD)
    assert [len(block) for block in word.split("-")] == [4, 4, 4, 4]
    assert word.replace("-", "").isdecimal()

"""Codes are derived, hard to mistype, and easy to type."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.access import (
    ALPHABET,
    CODE_SYMBOLS,
    RANDOM_SYMBOLS,
    MistypedCode,
    derive_code,
    key_fingerprint,
    look_up_hash,
    read_code,
    single_use_submission,
    spaced,
)

KEY, OTHER_KEY = b"k" * 32, b"o" * 32

keys = st.binary(min_size=32, max_size=32)
codes = st.builds(derive_code, keys, st.uuids().map(str), st.integers(1, 99), st.integers(0, 999))


def swapped(code: str, left: int, right: int) -> str:
    symbols = list(code)
    symbols[left], symbols[right] = symbols[right], symbols[left]
    return "".join(symbols)


def test_a_code_has_55_random_bits_and_a_check_symbol() -> None:
    assert len(ALPHABET) == len(set(ALPHABET)) == 2**5
    assert RANDOM_SYMBOLS * 5 == 55
    assert len(derive_code(KEY, "link", 1, 0)) == CODE_SYMBOLS == RANDOM_SYMBOLS + 1


def test_no_two_symbols_look_alike() -> None:
    assert not set("OILU") & set(ALPHABET)


def test_every_random_symbol_takes_every_value() -> None:
    many = [derive_code(KEY, "link", 1, serial) for serial in range(1000)]
    assert all({code[place] for code in many} == set(ALPHABET) for place in range(CODE_SYMBOLS))


def test_a_code_is_the_same_for_ever() -> None:
    assert derive_code(KEY, "f3b1c9a2", 1, 0) == derive_code(KEY, "f3b1c9a2", 1, 0) == "JC6C1YEG6V9V"


def test_codes_differ_by_link_version_serial_and_key() -> None:
    made = [
        derive_code(KEY, "link", 1, 0),
        derive_code(KEY, "knil", 1, 0),
        derive_code(KEY, "link", 2, 0),
        derive_code(KEY, "link", 1, 1),
        derive_code(KEY, "link", 11, 0),
        derive_code(OTHER_KEY, "link", 1, 0),
    ]
    assert len(set(made)) == len(made)


@given(codes)
def test_every_code_can_be_read(code: str) -> None:
    assert read_code(code) == code


def test_every_single_slip_is_noticed() -> None:
    for serial in range(5):
        code = derive_code(KEY, "link", 1, serial)
        for place in range(CODE_SYMBOLS):
            for symbol in set(ALPHABET) - {code[place]}:
                with pytest.raises(MistypedCode):
                    read_code(code[:place] + symbol + code[place + 1 :])


@given(codes)
def test_every_swap_of_two_symbols_is_noticed(code: str) -> None:
    for left, right in combinations(range(CODE_SYMBOLS), 2):
        if code[left] != code[right]:
            with pytest.raises(MistypedCode):
                read_code(swapped(code, left, right))


@given(codes, st.data())
def test_case_spaces_dashes_and_look_alikes_do_not_matter(code: str, data: st.DataObject) -> None:
    ways = {"0": "0Oo", "1": "1IiLl"}
    breaks = ["", " ", "-", "–", "\N{NO-BREAK SPACE}", "\N{NON-BREAKING HYPHEN}", "\N{HYPHEN}", "\n"]
    typed = "".join(
        data.draw(st.sampled_from(ways.get(symbol, symbol + symbol.lower()))) + data.draw(st.sampled_from(breaks))
        for symbol in code
    )
    assert read_code(typed) == code


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "-" * 12,
        "ABC",
        "0" * 13,
        "0" * 1_000_000,
        "１" * 12,
        "İ" * 12,
        "ß" * 6,
        "ﬁ" * 6,
        "\ud800" * 12,
        "\0" * 12,
        "U" * 12,
        "🙂" * 12,
        "٣" * 12,
    ],
)
def test_what_cannot_be_a_code_is_mistyped(typed: str) -> None:
    with pytest.raises(MistypedCode):
        read_code(typed)


@given(st.text())
def test_nothing_that_can_be_typed_is_more_than_mistyped(typed: str) -> None:
    try:
        code = read_code(typed)
    except MistypedCode:
        return
    assert set(code) <= set(ALPHABET)


def test_a_code_of_zeros_fits_its_check_symbol_and_is_merely_unknown() -> None:
    assert read_code("OOOO-oooo-0000") == "0" * 12


def test_people_read_a_code_in_three_blocks() -> None:
    assert spaced("JC6C1YEG6V9V") == "JC6C-1YEG-6V9V"
    assert read_code(spaced("JC6C1YEG6V9V")) == "JC6C1YEG6V9V"


def test_the_database_knows_a_code_by_a_hash_that_needs_the_key() -> None:
    known = look_up_hash(KEY, "JC6C1YEG6V9V")
    assert len(known) == 32
    assert known == look_up_hash(KEY, "JC6C1YEG6V9V") != look_up_hash(OTHER_KEY, "JC6C1YEG6V9V")


def test_a_single_use_code_has_one_submission_id_that_tells_nothing_of_its_look_up_hash() -> None:
    submission = single_use_submission(KEY, "JC6C1YEG6V9V")
    assert submission == single_use_submission(KEY, "JC6C1YEG6V9V") != single_use_submission(OTHER_KEY, "JC6C1YEG6V9V")
    assert len(bytes.fromhex(submission)) == 16
    assert not look_up_hash(KEY, "JC6C1YEG6V9V").hex().startswith(submission)


def test_a_fingerprint_names_a_key_without_telling_it() -> None:
    assert key_fingerprint(KEY) != key_fingerprint(OTHER_KEY)
    assert len(key_fingerprint(KEY)) == 16
    assert KEY.hex()[:16] != key_fingerprint(KEY)

"""A handed-out form says which form it is, and nobody can make it say anything else."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.form_token import AlteredToken, FormToken, FormTokens, new_submission_id

OLD, NEW = b"o" * 32, b"n" * 32
DIGEST = "d" * 64
TOKEN = FormToken("3f1d54f2-5d07-4f1c-9d0e-5b1f3f0c8a11", 2, DIGEST, new_submission_id())


def test_a_token_comes_back_as_it_was_given() -> None:
    tokens = FormTokens([NEW])
    assert tokens.read(tokens.sign(TOKEN), TOKEN.link_id, DIGEST) == TOKEN


def test_a_token_is_safe_to_write_into_a_page() -> None:
    text = FormTokens([NEW]).sign(TOKEN)
    assert all(symbol.isascii() and (symbol.isalnum() or symbol in "-_:.") for symbol in text)


def test_a_token_holds_no_time_so_it_is_the_same_whenever_it_is_signed() -> None:
    assert FormTokens([NEW]).sign(TOKEN) == FormTokens([NEW]).sign(TOKEN)


def test_a_token_of_an_older_key_is_still_read_after_the_key_was_changed() -> None:
    text = FormTokens([OLD]).sign(TOKEN)
    assert FormTokens([NEW, OLD]).read(text, TOKEN.link_id, DIGEST) == TOKEN


def test_the_newest_key_signs() -> None:
    assert FormTokens([NEW, OLD]).sign(TOKEN) == FormTokens([NEW]).sign(TOKEN)


def test_a_token_of_a_key_that_is_gone_is_refused() -> None:
    text = FormTokens([OLD]).sign(TOKEN)
    with pytest.raises(AlteredToken):
        FormTokens([NEW]).read(text, TOKEN.link_id, DIGEST)


def test_a_token_of_another_link_or_another_form_is_refused() -> None:
    tokens = FormTokens([NEW])
    text = tokens.sign(TOKEN)
    with pytest.raises(AlteredToken):
        tokens.read(text, "another-link", DIGEST)
    with pytest.raises(AlteredToken):
        tokens.read(text, TOKEN.link_id, "e" * 64)


def test_no_symbol_of_a_token_can_be_changed() -> None:
    tokens = FormTokens([NEW])
    text = tokens.sign(TOKEN)
    signature = text.rpartition(".")[2]
    # The last symbol of the signature holds bits that are no part of it.
    for place in range(len(text) - 1):
        other = "0" if text[place] != "0" else "1"
        with pytest.raises(AlteredToken):
            tokens.read(text[:place] + other + text[place + 1 :], TOKEN.link_id, DIGEST)
    with pytest.raises(AlteredToken):
        tokens.read(text.replace(TOKEN.submission_id, new_submission_id()), TOKEN.link_id, DIGEST)
    with pytest.raises(AlteredToken):
        tokens.read(f"{TOKEN.link_id}:9:{DIGEST[:16]}:{TOKEN.submission_id}.{signature}", TOKEN.link_id, DIGEST)


@given(st.text())
def test_nothing_that_can_be_sent_instead_is_more_than_altered(text: str) -> None:
    with pytest.raises(AlteredToken):
        FormTokens([NEW]).read(text, TOKEN.link_id, DIGEST)


@pytest.mark.parametrize("text", ["", ".", ":::.", "\ud800", "\0", "x" * 1_000_000, "å" * 10])
def test_odd_tokens_are_altered_ones(text: str) -> None:
    with pytest.raises(AlteredToken):
        FormTokens([NEW]).read(text, TOKEN.link_id, DIGEST)


def test_submission_ids_are_random() -> None:
    ids = {new_submission_id() for _ in range(1000)}
    assert len(ids) == 1000
    assert all(len(bytes.fromhex(submission)) == 16 for submission in ids)


def test_two_forms_of_one_link_are_told_apart_by_their_submission_alone() -> None:
    tokens = FormTokens([NEW])
    other = replace(TOKEN, submission_id=new_submission_id())
    assert tokens.read(tokens.sign(other), TOKEN.link_id, DIGEST) == other != TOKEN

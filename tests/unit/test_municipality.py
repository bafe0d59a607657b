"""What a municipality says of itself: found in the best language there is, cleaned, and honest about accessibility."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.feedback_token import AlteredFeedbackToken, FeedbackTokens
from survey_service.domain.form_token import FormToken, FormTokens
from survey_service.domain.municipality import SELF_ASSESSED, Kind, Municipality, Text, TooLong, Words, plain_text
from survey_service.domain.thresholds import MINIMUM_ANSWERS, minimum_answers

SUPPORT = Words({"support": {"sv": "Kuratorn", "en": "The counsellor"}})


def test_a_text_is_found_in_the_readers_language_then_in_swedish_then_in_any() -> None:
    assert SUPPORT.find(Kind.SUPPORT, "en") == Text("The counsellor", "en")
    assert SUPPORT.find(Kind.SUPPORT, "ar") == Text("Kuratorn", "sv")
    assert Words({"support": {"ar": "…", "sv": ""}}).find(Kind.SUPPORT, "en") == Text("…", "ar")
    assert SUPPORT.find(Kind.CONTACT, "sv") is None


def test_a_units_own_text_comes_before_the_municipalitys() -> None:
    own = Words({"support": {"sv": "Vår kurator"}})
    municipality = Municipality(words=SUPPORT, of_units={"A": own})
    assert municipality.text(Kind.SUPPORT, "en", "A") == Text("Vår kurator", "sv")
    assert municipality.text(Kind.SUPPORT, "en", "B") == Text("The counsellor", "en")
    assert municipality.text(Kind.SUPPORT, "en") == Text("The counsellor", "en")


def test_every_line_that_is_not_empty_is_a_paragraph() -> None:
    assert Text("one\n\n two \n", "en").paragraphs == ("one", "two")


def test_a_typed_text_is_cleaned_of_what_cannot_be_seen_or_stored() -> None:
    assert plain_text("  one \r\ntwo\x00\x07\rthree\u200d ") == "one\ntwo\nthree\u200d"


def test_a_text_that_is_too_long_says_by_how_much() -> None:
    assert plain_text("å" * 10 + "\r\n" * 5, longest=10) == "å" * 10
    with pytest.raises(TooLong, match="2"):
        plain_text("å" * 12, longest=10)


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = plain_text(text)
    assert plain_text(once) == once
    assert "\x00" not in once


TESTED = Words({"method": {"sv": "Extern granskning"}}, assessed=date(2027, 3, 1), conforms=True)


def test_only_a_dated_test_by_a_told_method_without_known_shortcomings_makes_a_service_fully_conformant() -> None:
    assert TESTED.fully_conformant
    for less in (
        Words(TESTED.texts, TESTED.assessed, conforms=False),
        Words(TESTED.texts, None, conforms=True),
        Words({}, TESTED.assessed, conforms=True),
        Words({**TESTED.texts, "shortcomings": {"en": "The map"}}, TESTED.assessed, conforms=True),
    ):
        assert not less.fully_conformant


def test_the_statement_is_as_old_as_what_was_changed_last() -> None:
    assert Words().assessed_on == Words().updated_on == SELF_ASSESSED
    assert TESTED.assessed_on == TESTED.updated_on == date(2027, 3, 1)
    assert Words(changed=date(2028, 1, 2)).updated_on == date(2028, 1, 2)


def test_a_round_may_ask_for_more_answers_than_we_do_and_never_for_fewer() -> None:
    assert minimum_answers("public", {}) == MINIMUM_ANSWERS["public"] == 10
    assert minimum_answers("unit", {"unit": {"minimum_answers": 8}}) == 8
    assert minimum_answers("unit", {"unit": {"minimum_answers": 2}}) == 5


def test_a_feedback_token_is_read_and_no_other_one_is() -> None:
    tokens = FeedbackTokens([b"n" * 32, b"o" * 32])
    token = tokens.new()
    assert len(tokens.read(token)) == 32
    assert FeedbackTokens([b"o" * 32]).new() != token
    assert len(tokens.read(FeedbackTokens([b"o" * 32]).new())) == 32
    of_a_form = FormTokens([b"n" * 32]).sign(FormToken("link", 1, "d" * 64, "0" * 32))
    for wrong in ("", "x", "å", token[:-1], token.upper(), of_a_form, "\x00"):
        with pytest.raises(AlteredFeedbackToken):
            tokens.read(wrong)

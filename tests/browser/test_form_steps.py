"""One step at a time in a real browser: position in the history, focus, title, follow-ups, and what was left out."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.form_in_browser import Site, Visitor, visitor

STEP_HEADING = ".step:visible h2[aria-level='1']"
"""Where one step is shown its heading is the page's first one."""


@pytest.fixture
def pupil(browser: Browser, small: Site) -> Iterator[Visitor]:
    with visitor(browser, small.url("pupils", "4A")) as somebody:
        yield somebody


@pytest.fixture
def guardian(browser: Browser, small: Site) -> Iterator[Visitor]:
    with visitor(browser, small.url("guardians")) as somebody:
        yield somebody


def test_one_step_is_shown_and_its_heading_has_the_focus_and_stands_in_the_title(pupil: Visitor) -> None:
    assert pupil.step == "first"
    expect(pupil.page.locator(".step:visible")).to_have_count(1)

    pupil.next(2)

    assert pupil.step == "friends"
    heading = pupil.page.locator(STEP_HEADING)
    expect(heading).to_be_focused()
    expect(pupil.page.locator("h1")).to_be_hidden()
    expect(heading).to_have_text(re.compile(r"1 \w+ 5"))
    expect(pupil.page).to_have_title(re.compile(r"1 \w+ 5 – Så är det"))


def test_choosing_an_answer_never_moves_on_by_itself(pupil: Visitor) -> None:
    pupil.next(2)
    pupil.choose("friends", "no")
    assert pupil.step == "friends"
    expect(pupil.page.locator("[name=friends][value=no]")).to_be_focused()


def test_back_of_the_device_and_of_the_page_go_one_step_back_with_the_answers_there(pupil: Visitor) -> None:
    pupil.next(2)
    pupil.choose("friends", "yes")
    pupil.next(2)
    assert pupil.step == "submit"

    pupil.page.go_back()
    assert pupil.step == "elements"
    pupil.page.locator("[data-back]").click()
    expect(pupil.page.locator("#q-friends")).to_be_visible()
    expect(pupil.page.locator(STEP_HEADING)).to_be_focused()
    expect(pupil.page.locator("[name=friends][value=yes]")).to_be_checked()
    pupil.page.go_forward()
    assert pupil.step == "elements"


def test_a_link_within_the_page_leaves_the_step_where_it_is(pupil: Visitor) -> None:
    pupil.next(2)
    pupil.page.evaluate("location.hash = 'main'")
    expect(pupil.page.locator("#q-friends")).to_be_visible()
    pupil.page.go_back()
    assert pupil.step == "friends"


def test_follow_ups_appear_on_a_chain_and_what_is_hidden_is_not_sent(pupil: Visitor, small: Site) -> None:
    before = small.received("pupils", "4A")
    pupil.next(2)
    pupil.choose("friends", "no")
    pupil.next()
    pupil.choose("action", "alone")
    pupil.next()
    pupil.choose("reset", "yard", "library")
    for _ in "back", "back":
        pupil.page.locator("[data-back]").click()
    pupil.choose("friends", "yes")
    pupil.next()
    assert pupil.step == "elements"
    pupil.page.locator("[data-back]").click()
    pupil.choose("friends", "no")
    pupil.next()
    expect(pupil.page.locator("[name=action][value=alone]")).to_be_checked()
    pupil.next()
    expect(pupil.page.locator("[name=reset]:checked")).to_have_count(2)
    for _ in "back", "back":
        pupil.page.locator("[data-back]").click()
    pupil.choose("friends", "yes")
    pupil.to_the_end()
    pupil.send()

    assert {name: values for name, values in pupil.sent[0].items() if not name.startswith("_")} == {"friends": ["yes"]}
    assert small.received("pupils", "4A") == before + 1


def test_a_follow_up_in_a_section_appears_under_its_question_and_a_section_without_any_is_passed_over(
    guardian: Visitor,
) -> None:
    guardian.next()
    expect(guardian.page.locator("#q-why")).to_be_hidden()
    guardian.choose("heard", "not_at_all")
    expect(guardian.page.locator("#q-why")).to_be_visible()
    guardian.choose("heard", "fully")
    expect(guardian.page.locator("#q-why")).to_be_hidden()
    guardian.next(2)
    assert guardian.step == "own"
    guardian.page.go_back()
    assert guardian.step == "after"
    guardian.choose("after", "yes")
    guardian.next()
    assert guardian.step == "after_safe"


def test_questions_left_out_are_named_once_with_links_and_never_forced(pupil: Visitor, small: Site) -> None:
    before = small.received("pupils", "4A")
    pupil.next(2)
    pupil.choose("friends", "yes")
    pupil.to_the_end()
    skipped = pupil.page.locator("[data-part=skipped]")
    expect(skipped.get_by_role("link")).to_have_text(["Hur många raster har du?"])  # own words may be left unsaid

    skipped.get_by_role("link").click()
    assert pupil.step == "elements"
    expect(pupil.page.locator("#q-elements")).to_be_focused()
    pupil.page.locator("[name=elements][type=number]").fill("3")
    pupil.next()
    assert pupil.step == "last"
    expect(skipped).to_have_count(0)
    pupil.page.go_back()
    pupil.page.locator("[name=elements][type=number]").fill("")
    pupil.next()
    expect(skipped).to_be_visible()
    pupil.send()
    assert small.received("pupils", "4A") == before + 1


def test_a_grown_up_sees_every_answer_before_sending_with_a_link_to_change_it(guardian: Visitor) -> None:
    guardian.next()
    guardian.choose("safe", "mostly")
    guardian.choose("heard", "not_at_all")
    guardian.page.locator("[name=why]").fill("Ingen svarar.")
    guardian.next(2)
    guardian.page.locator("[name=own][value='4B']").check()
    guardian.next()

    lines = guardian.page.locator("[data-part=summary] li")
    answers = lines.locator("[data-answer]").all_inner_texts()
    assert lines.locator("[data-question]").all_inner_texts()[1:3] == ["Skolan lyssnar.", "Varför inte?"]
    assert answers[:3] == ["Stämmer mest", "Stämmer inte", "Ingen svarar."]
    assert answers[4] == "4B"
    lines.nth(0).get_by_role("link").click()
    expect(guardian.page.locator("#q-safe")).to_be_focused()
    guardian.choose("safe", "fully")
    guardian.next()
    expect(lines.locator("[data-answer]").first).to_have_text("Stämmer helt")


def test_a_number_out_of_bounds_is_told_beside_it_and_an_empty_one_is_none(pupil: Visitor) -> None:
    pupil.next(3)
    assert pupil.step == "elements"
    number = pupil.page.locator("[name=elements][type=number]")
    number.fill("99")
    pupil.next()
    assert pupil.step == "elements"
    expect(number).to_be_focused()
    expect(pupil.page.locator("#q-elements [role=alert]")).to_contain_text("20")
    number.fill("")
    pupil.next()
    assert pupil.step == "submit"


def test_a_number_out_of_bounds_that_was_left_by_back_is_asked_about_before_sending(pupil: Visitor) -> None:
    pupil.next(4)
    pupil.page.go_back()
    pupil.page.locator("[name=elements][type=number]").fill("99")
    pupil.page.go_forward()
    pupil.next()
    pupil.press_send()
    assert pupil.step == "elements"
    assert pupil.sent == []


def test_a_text_says_how_much_is_left(pupil: Visitor) -> None:
    pupil.next(4)
    left = pupil.page.locator("[data-left]")
    expect(left).to_contain_text("60")
    pupil.page.locator("textarea").fill("Hej")
    expect(left).to_contain_text("57")


def test_the_whole_journey_goes_by_keyboard_alone(browser: Browser, small: Site) -> None:
    before = small.received("pupils", "4A")
    with visitor(browser, small.url("pupils", "4A")) as pupil:
        keys = pupil.page.keyboard

        def tab_to(selector: str) -> None:
            for _ in range(30):
                if pupil.page.locator(f"{selector}:focus").count():
                    return
                keys.press("Tab")
            raise AssertionError(selector)

        for step in ("dataset", "friends"):
            tab_to("[data-next]")
            keys.press("Enter")
            assert pupil.step == step
        tab_to("[name=friends]")
        keys.press("Space")
        keys.press("ArrowDown")
        for step in ("action", "elements"):
            tab_to("[data-next]")
            keys.press("Space")
            assert pupil.step == step
        tab_to("[type=number]")
        keys.type("7")
        keys.press("Enter")  # neither sends nor moves
        assert pupil.step == "elements"
        for step in ("submit", "last"):
            tab_to("[data-next]")
            keys.press("Enter")
            assert pupil.step == step
        tab_to(".last button[type=submit]")
        keys.press("Enter")
        expect(pupil.page.locator("[data-sent]")).to_be_visible()
        expect(pupil.page.get_by_role("heading", level=1)).to_be_focused()
        assert pupil.sent[0]["friends"] == ["no"]
        assert pupil.sent[0]["elements"] == ["7"]
    assert small.received("pupils", "4A") == before + 1

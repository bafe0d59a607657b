"""The position in a form lives in the browser's history: Back, Forward and links go where they should."""

from tests.support.other_visitor import Visitor

STEP_HEADING = ".step:not([hidden]) h2[aria-level='1']"
"""Where one step is shown its heading is the page's first one."""


def test_back_of_the_device_and_of_the_page_go_one_step_back_with_the_answers_there(pupil: Visitor) -> None:
    pupil.next(2)
    pupil.choose("friends", "yes")
    pupil.next(2)
    pupil.see(lambda: pupil.stands_at("submit"))

    pupil.driver.back()
    pupil.see(lambda: pupil.stands_at("elements"))
    pupil.press("[data-back]")
    pupil.see(lambda: pupil.stands_at("friends"))
    assert pupil.has_chosen("friends", "yes")
    assert pupil.has_focus == pupil.find(STEP_HEADING)
    pupil.driver.forward()
    pupil.see(lambda: pupil.stands_at("elements"))
    pupil.driver.forward()
    pupil.see(lambda: pupil.stands_at("submit"))


def test_one_step_is_shown_and_its_heading_has_the_focus_and_stands_in_the_title(pupil: Visitor) -> None:
    pupil.next(2)
    pupil.see(lambda: pupil.stands_at("friends"))
    heading = pupil.find(STEP_HEADING)
    assert pupil.has_focus == heading
    assert not pupil.sees("h1")
    assert pupil.driver.title.startswith("Fråga 1 av 5 – Så är det")
    assert pupil.run("return document.querySelectorAll('.step:not([hidden])').length") == 1


def test_a_link_within_the_page_leaves_the_step_where_it_is(pupil: Visitor) -> None:
    pupil.next(2)
    pupil.run("location.hash = 'main'")
    assert pupil.sees("#q-friends")
    pupil.driver.back()
    pupil.see(lambda: pupil.stands_at("friends"))


def test_back_passes_over_a_follow_up_that_is_asked_no_more(pupil: Visitor) -> None:
    pupil.next(2)
    pupil.choose("friends", "no")
    pupil.next()
    pupil.see(lambda: pupil.stands_at("action"))
    pupil.choose("action", "adult")
    pupil.next()
    for step in "action", "friends":
        pupil.driver.back()
        pupil.see(lambda step=step: pupil.stands_at(step))
    pupil.choose("friends", "yes")
    pupil.next()
    pupil.see(lambda: pupil.stands_at("elements"))
    pupil.driver.back()
    pupil.see(lambda: pupil.stands_at("friends"))


def test_a_reload_keeps_a_grown_ups_place_in_the_history(guardian: Visitor) -> None:
    guardian.next()
    guardian.choose("safe", "mostly")
    guardian.next(2)
    guardian.see(lambda: guardian.stands_at("own"))
    guardian.driver.refresh()
    guardian.see(lambda: guardian.stands_at("own"))
    for step in "after", "safe":
        guardian.driver.back()
        guardian.see(lambda step=step: guardian.stands_at(step))
    guardian.driver.forward()
    guardian.see(lambda: guardian.stands_at("after"))

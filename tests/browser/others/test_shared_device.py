"""A device that pupils share: nothing of one is there for the next, and a grown-up's draft stays in the tab."""

from tests.support.form_in_browser import Site
from tests.support.other_visitor import Opens, Visitor


def answer(pupil: Visitor) -> None:
    """Give an answer of every kind, up to the last step."""
    pupil.next(2)
    pupil.choose("friends", "yes")
    pupil.next()
    pupil.write("[name=elements][type=number]", "3")
    pupil.next()
    pupil.write("textarea", "Hemligt")
    pupil.next()
    pupil.see(lambda: pupil.stands_at("last"))


def finds_a_blank_form(pupil: Visitor, known: set[str]) -> None:
    """See a form without any answer, under an id that is none of those known, and remember it."""
    pupil.see(lambda: pupil.stands_at("first") and pupil.token not in known)
    assert pupil.answered == []
    known.add(pupil.token)


def test_the_next_pupil_finds_a_blank_form_whichever_way_they_come_back(pupil: Visitor) -> None:
    known = {pupil.token}
    answer(pupil)
    pupil.send()
    assert pupil.kept == ""

    pupil.press(".another a")
    finds_a_blank_form(pupil, known)
    pupil.next(2)
    for _ in "steps", "steps", "thanks":
        pupil.driver.back()
    pupil.see(lambda: pupil.sees("[data-sent]"))
    pupil.driver.back()
    finds_a_blank_form(pupil, known)
    assert "Hemligt" not in pupil.driver.page_source

    pupil.driver.refresh()
    finds_a_blank_form(pupil, known)
    for _ in "earlier", "steps":
        pupil.driver.back()
    pupil.see(lambda: pupil.sees("#answers.stepped"))
    assert pupil.answered == []
    assert pupil.kept == ""


def test_back_right_after_thanks_gives_a_blank_form_under_a_new_id(pupil: Visitor) -> None:
    known = {pupil.token}
    answer(pupil)
    pupil.send()
    pupil.driver.back()
    finds_a_blank_form(pupil, known)


def test_back_to_a_form_that_was_left_half_way_shows_nothing_of_the_one_before(pupil: Visitor, small: Site) -> None:
    known = {pupil.token}
    pupil.next(2)
    pupil.choose("friends", "yes")
    pupil.driver.get(f"{small.address}/about")
    pupil.driver.back()
    finds_a_blank_form(pupil, known)
    answer(pupil)
    pupil.send()
    pupil.press(".another a")
    finds_a_blank_form(pupil, known)
    pupil.driver.back()
    pupil.see(lambda: pupil.sees("[data-sent]"))
    pupil.driver.back()
    finds_a_blank_form(pupil, known)


def test_what_the_browser_remembers_of_fields_is_gone_after_a_reload(pupil: Visitor) -> None:
    known = {pupil.token}
    answer(pupil)
    pupil.driver.refresh()
    finds_a_blank_form(pupil, known)
    assert "Hemligt" not in pupil.driver.page_source
    pupil.next(2)
    assert pupil.answered == []


def test_nothing_is_kept_while_a_pupil_answers(pupil: Visitor) -> None:
    answer(pupil)
    assert pupil.kept == ""


def test_thanks_at_a_kiosk_give_way_to_a_blank_form_by_themselves(opens: Opens, small: Site) -> None:
    pupil = opens(small.url("pupils", "4A", "?kiosk=1"))
    known = {pupil.token}
    answer(pupil)
    pupil.send()
    assert pupil.sees(".kiosk")
    finds_a_blank_form(pupil, known)
    assert pupil.driver.current_url.endswith("?kiosk=1")
    pupil.driver.back()
    finds_a_blank_form(pupil, known)


def test_a_grown_ups_answers_are_there_after_a_reload_at_the_same_step_and_gone_when_sent(guardian: Visitor) -> None:
    known = {guardian.token}
    guardian.next()
    guardian.choose("safe", "mostly")
    guardian.choose("heard", "not_at_all")
    guardian.write("textarea", "Därför")
    guardian.next()

    guardian.driver.refresh()
    guardian.see(lambda: guardian.stands_at("after") and guardian.token not in known)
    known.add(guardian.token)
    guardian.driver.back()
    guardian.see(lambda: guardian.stands_at("safe"))
    assert guardian.has_chosen("safe", "mostly")
    assert guardian.find("textarea").get_property("value") == "Därför"
    guardian.to_the_end()
    guardian.send()
    assert guardian.kept == ""
    guardian.driver.back()
    finds_a_blank_form(guardian, known)


def test_a_grown_up_clears_the_answers_with_one_button(guardian: Visitor) -> None:
    known = {guardian.token}
    guardian.next()
    guardian.choose("safe", "mostly")
    assert guardian.kept
    guardian.driver.back()
    guardian.press("[data-clear]")
    finds_a_blank_form(guardian, known)
    assert guardian.kept == ""

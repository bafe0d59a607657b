"""Sending a form: once, without scripts, without the server, after the collection closed, and never said too early."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from selenium.webdriver import ActionChains

from tests.support.form_in_browser import Site, serving, site
from tests.support.other_visitor import Opens, Visitor


def test_answers_are_sent_and_thanks_have_the_focus(pupil: Visitor, small: Site) -> None:
    before = small.received("pupils", "4A")
    pupil.next(2)
    pupil.choose("friends", "yes")
    pupil.to_the_end()
    pupil.send()
    assert pupil.driver.current_url.endswith("/thanks")
    assert pupil.has_focus == pupil.find("h1")
    assert small.received("pupils", "4A") == before + 1


def test_a_double_tap_counts_once(pupil: Visitor, small: Site) -> None:
    before = small.received("pupils", "4A")
    pupil.to_the_end()
    ActionChains(pupil.driver).double_click(pupil.find(".last button[type=submit]")).perform()
    pupil.see(lambda: pupil.sees("[data-sent]"))
    assert small.received("pupils", "4A") == before + 1


def test_questions_left_out_are_named_before_sending_and_never_forced(pupil: Visitor, small: Site) -> None:
    before = small.received("pupils", "4A")
    pupil.next(2)
    pupil.choose("friends", "yes")
    pupil.to_the_end()
    pupil.press("[data-part=skipped] a")
    pupil.see(lambda: pupil.stands_at("elements"))
    assert pupil.has_focus == pupil.find("#q-elements")
    pupil.next()
    pupil.send()
    assert small.received("pupils", "4A") == before + 1


def test_without_the_server_the_answers_stay_and_go_when_it_is_back(opens: Opens, small: Site) -> None:
    before = small.received("pupils", "4A")
    with serving(small.scenario.app) as address:
        pupil = opens(small.url("pupils", "4A").replace(small.address, address))
        pupil.next(2)
        pupil.choose("friends", "yes")
    pupil.to_the_end()
    pupil.press_send()
    pupil.see(lambda: pupil.sees("[data-part=offline]"))
    assert not pupil.sees("[data-sent]")
    assert pupil.answered == ["friends"]
    assert small.received("pupils", "4A") == before
    with serving(small.scenario.app, urlsplit(address).port):
        pupil.send()
    assert small.received("pupils", "4A") == before + 1


def test_a_collection_that_closed_meanwhile_says_so_and_drops_no_answer(
    opens: Opens, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with site(tmp_path_factory.mktemp("closing"), small=True) as closing:
        pupil = opens(closing.url("pupils", "4A"))
        pupil.next(2)
        pupil.choose("friends", "yes")
        closing.scenario.clock.now += timedelta(days=60)
        pupil.to_the_end()
        pupil.press_send()
        pupil.see(lambda: "stängt" in pupil.find("[role=alert]").text)
        assert not pupil.sees("[data-sent]")
        assert pupil.has_chosen("friends", "yes")
        assert closing.received("pupils", "4A") == 0


def test_the_whole_journey_goes_without_scripts(opens: Opens, small: Site) -> None:
    before = small.received("pupils", "4A")
    pupil = opens(small.url("pupils", "4A"), scripts=False)
    assert pupil.sees("#q-action .when")
    pupil.choose("friends", "no")
    pupil.choose("action", "adult")
    pupil.write("[name=elements][type=number]", "3")
    pupil.send()
    assert pupil.driver.current_url == f"{small.url('pupils', '4A')}/thanks"
    assert small.received("pupils", "4A") == before + 1

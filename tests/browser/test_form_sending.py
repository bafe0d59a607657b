"""Sending a form from a real browser: once, without network, late, closed meanwhile, and never said before it is so."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.support.form_in_browser import Site, Visitor, site, visitor

FORM = "**/s/*"


@pytest.fixture
def pupil(browser: Browser, small: Site) -> Iterator[Visitor]:
    with visitor(browser, small.url("pupils", "4A")) as somebody:
        yield somebody


def test_opening_and_sending_are_one_request_each_and_nothing_leaves_for_another_origin(
    pupil: Visitor, small: Site
) -> None:
    pupil.next(2)
    pupil.choose("friends", "yes")
    pupil.to_the_end()
    pupil.send()

    pages = [request for request in pupil.requests if "/static/" not in request.url]
    assert [request.method for request in pages] == ["GET", "POST"]
    assert {request.url.startswith((small.address, "data:")) for request in pupil.requests} == {True}
    assert pupil.page.context.cookies() == []
    assert pupil.page.url.endswith("/thanks")
    expect(pupil.page.get_by_role("heading", level=1)).to_be_focused()


def test_a_double_tap_counts_once(pupil: Visitor, small: Site) -> None:
    before = small.received("pupils", "4A")
    pupil.to_the_end()
    pupil.page.locator(".last button[type=submit]").dblclick()
    expect(pupil.page.locator("[data-sent]")).to_be_visible()
    assert len(pupil.sent) == 1
    assert small.received("pupils", "4A") == before + 1


def test_a_reply_that_is_lost_makes_the_same_submission_again(pupil: Visitor, small: Site) -> None:
    before = small.received("pupils", "4A")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort()

    pupil.page.route(FORM, lose, times=1)
    pupil.to_the_end()
    pupil.press_send()
    expect(pupil.page.locator("[data-part=offline]")).to_be_visible()
    pupil.send()
    assert len({fields["_token"][0] for fields in pupil.sent}) == 1
    assert small.received("pupils", "4A") == before + 1


@pytest.mark.parametrize("step", range(6))
def test_without_network_from_any_step_on_the_answers_stay_and_go_when_it_is_back(
    browser: Browser, small: Site, step: int
) -> None:
    before = small.received("pupils", "4A")
    with visitor(browser, small.url("pupils", "4A")) as pupil:
        pupil.next(min(step, 2))
        if step >= 2:
            pupil.choose("friends", "yes")
            pupil.next(step - 2)
        pupil.page.context.set_offline(True)
        pupil.to_the_end()
        pupil.press_send()
        expect(pupil.page.locator("[data-part=offline]")).to_be_visible()
        expect(pupil.page.locator("[data-sent]")).to_have_count(0)
        if step >= 2:
            expect(pupil.page.locator("[name=friends][value=yes]")).to_be_checked()
        pupil.page.context.set_offline(False)  # tells the page that it is online
        expect(pupil.page.locator("[data-sent]")).to_be_visible()
    assert small.received("pupils", "4A") == before + 1


def test_who_goes_back_to_change_something_while_waiting_for_the_network_sends_it_anew(pupil: Visitor) -> None:
    pupil.to_the_end()
    pupil.page.context.set_offline(True)
    pupil.press_send()
    expect(pupil.page.locator("[data-part=offline]")).to_be_visible()
    pupil.page.go_back()
    tried = len(pupil.sent)
    pupil.page.context.set_offline(False)
    pupil.page.locator("textarea").fill("Jo")
    pupil.next()
    assert len(pupil.sent) == tried
    pupil.send()
    assert pupil.sent[-1]["submit"] == ["Jo"]


def test_a_server_in_trouble_keeps_the_answers_on_the_page(pupil: Visitor) -> None:
    page = "<!DOCTYPE html><main><h1>Trouble here</h1></main>"
    pupil.page.route(FORM, lambda route: route.fulfill(status=503, body=page, content_type="text/html"), times=1)
    pupil.to_the_end()
    pupil.press_send()
    expect(pupil.page.get_by_role("alert")).to_contain_text("Trouble here")
    pupil.send()


def test_a_page_that_is_left_open_for_hours_still_sends(browser: Browser, small: Site) -> None:
    clock = small.scenario.clock
    opened = clock.now
    with visitor(browser, small.url("pupils", "4A")) as pupil:
        pupil.next(2)
        clock.now = opened + timedelta(hours=3)
        pupil.to_the_end()
        pupil.send()
    clock.now = opened


def test_what_the_server_refuses_comes_back_with_answers_and_a_link_to_the_question(pupil: Visitor) -> None:
    pupil.next(2)
    pupil.choose("friends", "yes")
    pupil.page.locator("[name=friends][value=yes]").evaluate("field => { field.value = 'perhaps' }")
    pupil.next()
    pupil.page.locator("[name=elements][type=number]").fill("4")
    pupil.to_the_end()
    pupil.press_send()

    problem = pupil.page.locator("#problem")
    expect(problem).to_be_focused()
    expect(pupil.page.locator(".last button[type=submit]")).to_be_visible()
    problem.get_by_role("link").click()
    assert pupil.step == "friends"
    expect(pupil.page.locator("[name=elements][type=number]")).to_have_value("4")
    pupil.choose("friends", "yes")
    pupil.next()
    pupil.send()


def test_a_collection_that_closed_meanwhile_says_so_and_drops_no_answer(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> None:
    with (
        site(tmp_path_factory.mktemp("closing"), small=True) as closing,
        visitor(browser, closing.url("pupils", "4A")) as pupil,
    ):
        pupil.next(2)
        pupil.choose("friends", "yes")
        closing.scenario.clock.now += timedelta(days=60)
        pupil.to_the_end()
        pupil.press_send()
        expect(pupil.page.get_by_role("alert")).to_contain_text("stängt")
        expect(pupil.page.locator("[data-sent]")).to_have_count(0)
        pupil.page.go_back()
        pupil.page.go_back()
        expect(pupil.page.locator("[name=friends][value=yes]")).to_be_checked()


def plain_journey(page: Page, url: str) -> None:
    """Answer and send on a page where everything stands at once."""
    expect(page.locator(".step:visible")).to_have_count(8)
    expect(page.locator("#q-action .when")).to_be_visible()
    page.locator("[name=friends][value=no]").check()
    page.locator("[name=action][value=adult]").check()
    page.locator("[name=elements][type=number]").fill("3")
    page.locator(".last button[type=submit]").click()
    expect(page.locator("[data-sent]")).to_be_visible()
    assert page.url == f"{url}/thanks"


def test_the_whole_journey_goes_without_scripts(browser: Browser, small: Site) -> None:
    before = small.received("pupils", "4A")
    with visitor(browser, small.url("pupils", "4A"), java_script_enabled=False) as pupil:
        plain_journey(pupil.page, small.url("pupils", "4A"))
        assert pupil.sent[0]["action"] == ["adult"]
    assert small.received("pupils", "4A") == before + 1


BROKEN = {
    "never arrives": "",
    "fails while it sets up": "Element.prototype.append = Element.prototype.after = () => { throw Error('broken') }",
    "fails as it shows the first step": "History.prototype.replaceState = () => { throw Error('broken') }",
}


@pytest.mark.parametrize("how", BROKEN)
def test_a_script_that_fails_half_way_leaves_the_page_as_it_was(browser: Browser, small: Site, how: str) -> None:
    context = browser.new_context()
    page = context.new_page()
    if BROKEN[how]:
        page.add_init_script(BROKEN[how])
    else:
        page.route("**/static/**", lambda route: route.abort())
    page.goto(small.url("pupils", "4A"))
    plain_journey(page, small.url("pupils", "4A"))
    context.close()


def test_a_script_that_fails_later_shows_everything_with_the_answers_there(browser: Browser, small: Site) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(small.url("pupils", "4A"))
    pupil = Visitor(page)
    pupil.next(2)
    pupil.choose("friends", "no")
    page.evaluate("() => { window.scrollTo = () => { throw Error() } }")
    page.locator("[data-next]").click()
    expect(page.locator("[name=friends][value=no]")).to_be_checked()
    plain_journey(page, small.url("pupils", "4A"))
    context.close()


def test_a_slow_device_on_a_slow_network_sends_as_well(browser: Browser, small: Site) -> None:
    context = browser.new_context()
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    devtools.send("Network.enable")
    slow = {"offline": False, "latency": 400, "downloadThroughput": 51_200, "uploadThroughput": 51_200}
    devtools.send("Network.emulateNetworkConditions", slow)
    page.goto(small.url("pupils", "4A"))
    pupil = Visitor(page)
    pupil.to_the_end()
    page.locator(".last button[type=submit]").dblclick()
    expect(page.locator("[data-sent]")).to_be_visible()
    context.close()

"""What stays on a device: nothing of a pupil's for the next one, a grown-up's draft in the tab, and kiosk mode."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from tests.support.form_in_browser import Site, Visitor, visitor
from tests.support.scenario import OTHER_UNIT

FRIENDS = "[name=friends][value=yes]"
SAFE = "[name=safe][value=mostly]"


@pytest.fixture
def pupil(browser: Browser, small: Site) -> Iterator[Visitor]:
    with visitor(browser, small.url("pupils", "4A")) as somebody:
        yield somebody


@pytest.fixture
def guardian(browser: Browser, small: Site) -> Iterator[Visitor]:
    with visitor(browser, small.url("guardians")) as somebody:
        yield somebody


@pytest.fixture
def kiosk(browser: Browser, small: Site) -> Iterator[Visitor]:
    with visitor(browser, small.url("pupils", "4A", "?kiosk=1")) as somebody:
        somebody.page.clock.install()
        somebody.page.reload()
        yield somebody


def answer(pupil: Visitor) -> None:
    """Give an answer of every kind, up to the last step."""
    pupil.next(2)
    pupil.choose("friends", "yes")
    pupil.next()
    pupil.page.locator("[name=elements][type=number]").fill("3")
    pupil.next()
    pupil.page.locator("textarea").fill("Hemligt")
    pupil.next()


def is_blank(page: Page) -> bool:
    """Whether the form on the page holds no answer, shown or hidden."""
    expect(page.locator("#answers.stepped")).to_be_attached()
    typed: bool = page.evaluate(
        """() => [...document.querySelectorAll('#answers [name]:not([type=hidden])')].some(
            (field) => /radio|checkbox/.test(field.type) ? field.checked : field.value)"""
    )
    return not typed


def test_the_next_pupil_finds_a_blank_form_whichever_way_they_come_back(pupil: Visitor) -> None:
    tokens = {pupil.token}
    answer(pupil)
    pupil.send()
    assert pupil.kept == ""

    def fresh() -> bool:
        known = len(tokens)
        tokens.add(pupil.token)
        return is_blank(pupil.page) and len(tokens) == known + 1

    pupil.page.locator(".another a").click()
    assert fresh()
    pupil.next(2)
    pupil.page.go_back()
    pupil.page.go_back()
    pupil.page.go_back()
    expect(pupil.page.locator("[data-sent]")).to_be_visible()
    pupil.page.go_back()
    assert fresh()
    assert "Hemligt" not in pupil.page.content()
    pupil.page.reload()
    assert fresh()
    pupil.page.go_back()
    pupil.page.go_back()
    assert is_blank(pupil.page)
    assert pupil.kept == ""


def test_back_right_after_thanks_gives_a_blank_form_under_a_new_id(pupil: Visitor) -> None:
    before = pupil.token
    answer(pupil)
    pupil.send()
    pupil.page.go_back()
    assert is_blank(pupil.page)
    assert pupil.token != before
    assert pupil.step == "first"


def test_a_page_out_of_the_back_forward_cache_is_fetched_anew(pupil: Visitor) -> None:
    before = pupil.token
    pupil.next(2)
    pupil.choose("friends", "yes")
    with pupil.page.expect_navigation():
        pupil.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))")
    assert is_blank(pupil.page)
    assert pupil.token != before


def back(page: Page) -> None:
    """The device's Back; the page that comes back from the cache loads anew, which a plain `go_back` may trip over."""
    left = page.evaluate("performance.timeOrigin")
    page.evaluate("setTimeout(() => history.back())")
    page.wait_for_function("left => performance.timeOrigin !== left && document.readyState === 'complete'", arg=left)


def test_back_in_a_browser_that_caches_whole_pages_shows_nothing_of_the_one_before(
    browser_type: BrowserType, browser_type_launch_args: dict[str, object], small: Site
) -> None:
    with (
        browser_type.launch(
            **browser_type_launch_args,
            ignore_default_args=["--disable-back-forward-cache"],  # type: ignore[arg-type]
        ) as caching,
        visitor(caching, small.url("pupils", "4A")) as pupil,
    ):
        before = pupil.token
        pupil.next(2)
        pupil.choose("friends", "yes")
        pupil.page.goto(f"{small.address}/about")
        back(pupil.page)
        assert is_blank(pupil.page)
        assert pupil.token != before
        answer(pupil)
        pupil.send()
        pupil.page.locator(".another a").click()
        for _ in "thanks", "form":
            back(pupil.page)
        assert is_blank(pupil.page)


def test_a_page_that_is_left_takes_the_answers_off_before_any_cache_keeps_it(pupil: Visitor) -> None:
    pupil.next(2)
    pupil.choose("friends", "yes")
    pupil.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true }))")
    expect(pupil.page.locator(FRIENDS)).not_to_be_checked()


def test_what_a_browser_puts_back_into_the_fields_is_taken_out_again(browser: Browser, small: Site) -> None:
    with visitor(browser, "about:blank") as pupil:
        pupil.page.add_init_script(
            "addEventListener('load', () => { document.querySelector('[name=friends]').checked = true })"
        )
        pupil.page.goto(small.url("pupils", "4A"))
        assert is_blank(pupil.page)
        pupil.next(2)
        pupil.choose("friends", "no")
        pupil.next()
        assert pupil.step == "action"


def test_reloading_a_pupils_form_asks_before_answers_are_lost_and_then_starts_anew(pupil: Visitor) -> None:
    pupil.next(2)
    pupil.choose("friends", "yes")
    asked: list[str] = []
    pupil.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    pupil.page.reload()
    assert asked == ["beforeunload"]
    assert is_blank(pupil.page)
    assert pupil.step == "first"
    assert pupil.kept == ""


def test_nothing_is_kept_while_a_pupil_answers(pupil: Visitor) -> None:
    answer(pupil)
    assert pupil.kept == ""
    assert pupil.page.context.cookies() == []


def test_a_grown_ups_answers_are_there_after_a_reload_at_the_same_step_and_gone_when_sent(guardian: Visitor) -> None:
    expect(guardian.page.locator(".first [data-clear]")).to_be_visible()
    before = guardian.token
    guardian.next()
    guardian.choose("safe", "mostly")
    guardian.choose("heard", "not_at_all")
    guardian.page.locator("textarea").fill("Därför")
    guardian.next()

    guardian.page.reload()
    assert guardian.step == "after"
    assert guardian.token != before
    guardian.page.go_back()
    expect(guardian.page.locator(SAFE)).to_be_checked()
    expect(guardian.page.locator("textarea")).to_have_value("Därför")
    guardian.to_the_end()
    guardian.send()
    assert guardian.kept == ""
    guardian.page.go_back()
    assert is_blank(guardian.page)
    assert guardian.token != before


def test_a_draft_whose_sending_had_no_reply_is_sent_again_as_the_same_submission(
    guardian: Visitor, small: Site
) -> None:
    received = small.received("guardians")
    guardian.next()
    guardian.choose("safe", "mostly")
    guardian.to_the_end()
    guardian.page.route("**/s/*", lambda route: (route.fetch(), route.abort()), times=1)
    guardian.press_send()
    expect(guardian.page.locator("[data-part=offline]")).to_be_visible()
    guardian.page.reload()
    assert guardian.step == "last"
    guardian.send()
    assert small.received("guardians") == received + 1
    assert guardian.kept == ""


def test_a_grown_ups_form_sent_without_the_script_leaves_no_draft_behind(guardian: Visitor) -> None:
    guardian.next()
    guardian.choose("safe", "mostly")
    assert guardian.kept
    guardian.page.evaluate("() => { window.scrollTo = () => { throw Error() } }")
    guardian.next()
    guardian.send()
    assert guardian.kept == ""
    guardian.errors.clear()


def test_a_draft_comes_back_in_a_tab_that_was_thrown_out(guardian: Visitor, small: Site) -> None:
    guardian.next()
    guardian.choose("safe", "mostly")
    guardian.page.goto("about:blank")
    guardian.page.goto(small.url("guardians"))
    assert guardian.step == "safe"
    expect(guardian.page.locator(SAFE)).to_be_checked()
    guardian.page.goto(f"{small.address}/s/{small.scenario.code('guardians', unit_code=OTHER_UNIT)}")
    assert is_blank(guardian.page)


def test_a_grown_up_clears_the_answers_with_one_button(guardian: Visitor) -> None:
    guardian.next()
    guardian.choose("safe", "mostly")
    guardian.page.go_back()
    before = guardian.token
    with guardian.page.expect_navigation():
        guardian.page.locator("[data-clear]").click()
    assert is_blank(guardian.page)
    assert guardian.kept == ""
    assert guardian.token != before


def test_a_draft_is_forgotten_after_a_day(guardian: Visitor) -> None:
    guardian.next()
    guardian.choose("safe", "mostly")
    name, kept = guardian.page.evaluate("Object.entries(sessionStorage)")[0]
    aged = json.loads(kept)
    aged["time"] -= timedelta(hours=25).total_seconds() * 1000
    guardian.page.evaluate("([name, kept]) => sessionStorage.setItem(name, kept)", [name, json.dumps(aged)])
    guardian.page.reload()
    assert is_blank(guardian.page)
    assert guardian.kept == ""


def test_a_browser_that_forbids_storage_shows_the_form_all_the_same(browser: Browser, small: Site) -> None:
    with visitor(browser, "about:blank") as guardian:
        guardian.page.add_init_script("Storage.prototype.setItem = Storage.prototype.getItem = () => { throw Error() }")
        guardian.page.goto(small.url("guardians"))
        guardian.to_the_end()
        guardian.send()


def test_thanks_in_kiosk_mode_fill_the_screen_and_give_way_to_the_start_by_themselves(kiosk: Visitor) -> None:
    before = kiosk.token
    answer(kiosk)
    kiosk.send()
    box = kiosk.page.locator("[data-sent]").bounding_box()
    assert box
    assert (box["x"], box["y"]) == (0, 0)
    assert (box["width"], box["height"]) == tuple(kiosk.page.viewport_size.values())  # type: ignore[union-attr]
    with kiosk.page.expect_navigation():
        kiosk.page.clock.run_for(20_000)
    assert is_blank(kiosk.page)
    assert kiosk.page.url.endswith("?kiosk=1")
    assert kiosk.token != before
    kiosk.page.go_back()
    assert is_blank(kiosk.page)


def test_kiosk_mode_stays_without_scripts_too(browser: Browser, small: Site) -> None:
    with visitor(browser, small.url("pupils", "4A", "?kiosk=1"), java_script_enabled=False) as pupil:
        pupil.press_send()
        expect(pupil.page.locator("[data-sent].kiosk")).to_be_visible()
        pupil.page.locator(".kiosk .button").click()
        assert pupil.page.url.endswith("?kiosk=1")


def test_an_idle_kiosk_covers_the_answers_and_wipes_nothing_without_a_tap(kiosk: Visitor) -> None:
    kiosk.page.clock.run_for(30 * 60_000)
    cover = kiosk.page.get_by_role("dialog")
    expect(cover).to_be_hidden()  # nobody has begun

    answer(kiosk)
    kiosk.page.clock.run_for(30 * 60_000)
    expect(cover).to_be_visible()
    assert cover.bounding_box() == {"x": 0, "y": 0, **(kiosk.page.viewport_size or {})}
    kiosk.page.clock.run_for(60 * 60_000)
    kiosk.page.locator("[data-continue]").click()
    expect(cover).to_be_hidden()
    expect(kiosk.page.locator("textarea")).to_have_value("Hemligt")

    kiosk.page.clock.run_for(30 * 60_000)
    with kiosk.page.expect_navigation():
        kiosk.page.locator("[data-new]").click()
    assert is_blank(kiosk.page)


def test_outside_kiosk_mode_nothing_covers_the_page(pupil: Visitor) -> None:
    assert pupil.page.locator("dialog").count() == 0

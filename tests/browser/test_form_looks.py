"""How respondents' pages look: contrast, targets, width, direction, print, and what a screen reader is told."""

import os
from collections.abc import Iterator
from itertools import combinations, product
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.support.form_looks import (
    ALL_VIEWS,
    LOOKS,
    SCHEMES,
    SCROLLS_SIDEWAYS,
    TOO_WIDE,
    WIDTHS,
    View,
    chosen_views,
    faults_of_looks,
    looked_at,
    served_kinds,
)
from tests.support.kinds_round import PRESCHOOL, TAGS, KindsRound

Site = tuple[KindsRound, str]

EXPECTED = Path(__file__).parent / "expected"

WHOLE_MATRIX = bool(os.environ.get("WHOLE_MATRIX"))
"""Set by matrix.sh: every page in every view, instead of a selection that meets every pair."""

LOOKED_AT = [
    pytest.param(name, view, id=f"{name} ({view.tag} {view.scheme} {view.width})")
    for place, name in enumerate(LOOKS)
    for view in (ALL_VIEWS if WHOLE_MATRIX else chosen_views(place))
]

SPACED = """* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }
p { margin-block-end: 2em !important }"""
"""What WCAG 1.4.12 lets readers do."""

PLAIN = View("en", "light", 1280)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The forms with every kind of question, served."""
    with served_kinds(tmp_path_factory.mktemp("kinds")) as served:
        yield served


@pytest.mark.parametrize(("name", "view"), LOOKED_AT)
def test_a_page_has_contrast_and_room_and_no_fault_that_axe_knows(
    browser: Browser, site: Site, name: str, view: View
) -> None:
    with looked_at(browser, *site, LOOKS[name], view) as page:
        assert list(faults_of_looks(page, view)) == []


def test_the_selection_meets_every_pair_of_page_language_scheme_and_width() -> None:
    rows = [(name, view.tag, view.scheme, view.width) for n, name in enumerate(LOOKS) for view in chosen_views(n)]
    factors = (tuple(LOOKS), TAGS, SCHEMES, WIDTHS)
    for first, second in combinations(range(len(factors)), 2):
        met = {(row[first], row[second]) for row in rows}
        assert met == set(product(factors[first], factors[second]))


def test_the_check_of_looks_finds_planted_faults(browser: Browser, site: Site) -> None:
    view = View("en", "light", 320)
    with looked_at(browser, *site, LOOKS["three faces"], view) as page:
        page.evaluate(
            """() => {
            document.querySelector('.help, .kicker').style.color = '#666';
            document.querySelector('[data-next]').style.cssText = 'padding: 0; min-height: 20px; height: 20px';
            document.querySelector('legend').style.width = '900px';
            }"""
        )
        found = "\n".join(faults_of_looks(page, view))
    for words in ("color-contrast-enhanced", "data-next", "scrolls sideways", "sticks out"):
        assert words in found


@pytest.mark.parametrize("name", ["a guardian's form", "five faces", "choices, a follow-up, a number and own words"])
def test_wider_spacing_of_text_hides_nothing(browser: Browser, site: Site, name: str) -> None:
    with looked_at(browser, *site, LOOKS[name], View("sv", "light", 320)) as page:
        page.evaluate(
            """css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);
            document.adoptedStyleSheets = [sheet] }""",
            SPACED,
        )
        assert not page.evaluate(SCROLLS_SIDEWAYS)
        assert page.evaluate(TOO_WIDE) == []


def test_from_right_to_left_the_best_answer_stands_rightmost_and_the_way_on_leads_left(
    browser: Browser, site: Site
) -> None:
    def places(page: Page, selector: str) -> list[float]:
        found: list[float] = page.locator(selector).evaluate_all("all => all.map(n => n.getBoundingClientRect().x)")
        return found

    for tag, sign in (("ar", -1), ("sv", 1)):
        with looked_at(browser, *site, LOOKS["five faces"], View(tag, "light", 1280)) as page:
            for selector in (".step:not([hidden]) .options > *", ".steps .button"):
                along = places(page, selector)
                assert along == sorted(along, key=lambda x: sign * x)
                assert len(along) > 1


def test_questions_on_one_scale_stand_under_each_other_on_a_wide_screen(browser: Browser, site: Site) -> None:
    with looked_at(browser, *site, LOOKS["a guardian's form"], PLAIN) as page:
        columns = page.locator(".step:not([hidden]) .run fieldset").evaluate_all(
            "all => all.map(one => [...one.querySelectorAll('.options > *')].map(n => n.getBoundingClientRect().x))"
        )
    assert len(columns) > 1
    assert len({tuple(row) for row in columns}) == 1
    assert len(columns[0]) == 5


def test_in_forced_colours_what_is_chosen_and_what_has_the_focus_are_outlined(browser: Browser, site: Site) -> None:
    kinds, address = site
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(address + kinds.path("child", "Blåsippan", PRESCHOOL))
    page.locator("[data-next]").click()
    outline = "node => getComputedStyle(node).outlineStyle"
    faces = page.locator(".step:not([hidden]) .faces > *")
    faces.nth(0).locator("input").check()
    faces.nth(1).locator("input").focus()
    assert faces.nth(0).evaluate(outline) == "solid"
    assert faces.nth(2).evaluate(outline) == "none"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    assert page.locator(":focus").evaluate(outline) == "solid"
    context.close()


def test_on_paper_all_steps_are_there(browser: Browser, site: Site) -> None:
    with looked_at(browser, *site, LOOKS["five faces"], PLAIN) as page:
        hidden = page.locator(".step[hidden]")
        assert hidden.count() > 5
        page.emulate_media(media="print")
        assert all(step.is_visible() for step in hidden.all())


@pytest.mark.parametrize("collection", ["adult", "child"])
def test_a_screen_reader_is_told_what_was_reviewed(browser: Browser, site: Site, collection: str) -> None:
    kinds, address = site
    place = ("Blåsippan", PRESCHOOL) if collection == "child" else ()
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}{kinds.path(collection, *place)}?lang=en")
    questions = page.locator("[data-kind]")
    told = "\n".join(f"# {one.get_attribute('id')}\n{one.aria_snapshot()}\n" for one in questions.all())
    context.close()
    assert told == (EXPECTED / f"{collection}.aria.yaml").read_text(encoding="utf-8"), told

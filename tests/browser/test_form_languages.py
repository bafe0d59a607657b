"""Another language at any step of a form, and reading aloud, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.form_in_browser import Site, Visitor, visitor

ENGLISH, SWEDISH = "[name=_switch][value=en]:not(.quiet)", "[name=_switch][value=sv]:not(.quiet)"

VOICES = """
window.said = []
const voice = (lang, localService) => ({ lang, localService, name: lang })
const voices = VOICES
SpeechSynthesisUtterance = class { constructor(text) { this.text = text } }
Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => voices, addEventListener() {}, cancel() { said.push('stop') },
    speak(line) { said.push(line.voice.lang + ' ' + line.lang + ' ' + line.text) } } })
"""


@pytest.fixture
def pupil(browser: Browser, shipped_forms: Site) -> Iterator[Visitor]:
    with visitor(browser, shipped_forms.url("pupils", "4A"), locale="sv-SE") as somebody:
        yield somebody


def test_another_language_at_any_step_keeps_step_and_answers_and_writes_nothing(
    pupil: Visitor, shipped_forms: Site
) -> None:
    page = pupil.page
    before = shipped_forms.received("pupils", "4A")
    chosen: dict[str, str] = {}
    token = pupil.token
    language = ENGLISH
    while True:
        step = pupil.step
        options = page.locator(".step:not([hidden]) input[type=radio]")
        if options.count():
            options.nth(1).check()
            chosen[step] = options.nth(1).get_attribute("value") or ""
        page.locator(language).click()
        tag = "en" if language == ENGLISH else "sv"
        expect(page.locator("html")).to_have_attribute("lang", tag)
        assert page.url.endswith(f"?lang={tag}")
        assert pupil.step == step
        if step in chosen:
            expect(page.locator(f"[name={step}][value={chosen[step]}]")).to_be_checked()
        if not page.locator("[data-next]").is_visible():
            break
        pupil.next()
        language = SWEDISH if language == ENGLISH else ENGLISH
    assert len(chosen) == page.locator("fieldset").count()
    assert pupil.token == token
    assert pupil.kept == ""
    assert shipped_forms.received("pupils", "4A") == before
    page.go_back()
    expect(page.locator("html")).to_have_attribute("lang", tag)
    pupil.next()
    pupil.send()
    sent = {name: values[0] for name, values in pupil.sent[-1].items() if not name.startswith("_")}
    assert sent == chosen
    expect(page.locator("html")).to_have_attribute("lang", tag)


def test_another_language_without_scripts_keeps_the_answers(browser: Browser, shipped_forms: Site) -> None:
    url = shipped_forms.url("pupils", "4A", "?kiosk=1")
    with visitor(browser, url, locale="sv-SE", java_script_enabled=False) as pupil:
        radio = pupil.page.locator("input[type=radio]")
        radio.nth(1).check()
        pupil.page.locator(ENGLISH).click()
        expect(pupil.page.locator("html")).to_have_attribute("lang", "en")
        expect(radio.nth(1)).to_be_checked()
        assert set(re.findall(r"\w+=\w+", pupil.page.url)) == {"lang=en", "kiosk=1"}


def test_another_language_without_network_is_told_and_changes_nothing(pupil: Visitor) -> None:
    pupil.next()
    step = pupil.step
    pupil.page.context.set_offline(True)
    pupil.page.locator(ENGLISH).click()
    expect(pupil.page.locator("[data-part=not_now]")).to_be_visible()
    expect(pupil.page.locator("html")).to_have_attribute("lang", "sv")
    assert pupil.step == step


def test_a_grown_up_reads_a_second_language_under_the_first_without_losing_a_step(
    browser: Browser, shipped_forms: Site
) -> None:
    with visitor(browser, shipped_forms.url("guardians"), locale="sv-SE") as guardian:
        guardian.next(2)
        step = guardian.step
        guardian.page.locator(".step:visible input[type=radio]").first.check()
        guardian.page.locator(".second summary").click()
        guardian.page.locator("#second").select_option("en")
        guardian.page.locator(".second button").click()
        expect(guardian.page.locator(".step:visible [lang=en]").first).to_be_visible()
        assert guardian.step == step
        expect(guardian.page.locator(".step:visible input[type=radio]").first).to_be_checked()


def reading(browser: Browser, shipped_forms: Site, voices: str) -> Visitor:
    """A pupil on a device with these voices, at the first question."""
    page = browser.new_context(locale="sv-SE").new_page()
    page.add_init_script(VOICES.replace("VOICES", voices))
    page.goto(shipped_forms.url("pupils", "4A"))
    pupil = Visitor(page)
    pupil.next()
    return pupil


def test_a_question_is_read_aloud_by_the_devices_own_voice_in_the_pages_language_and_stops_on_a_second_press(
    browser: Browser, shipped_forms: Site
) -> None:
    pupil = reading(browser, shipped_forms, "[voice('sv-SE', false), voice('en-GB', true), voice('sv_FI', true)]")
    button = pupil.page.locator(".step:visible [data-part=aloud]")
    assert pupil.page.evaluate("said") == []
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    said = [line for line in pupil.page.evaluate("said") if line != "stop"]
    options = pupil.page.locator(".step:visible label").all_inner_texts()
    assert said == [f"sv_FI sv_FI {text.strip()}" for text in ["Jag känner mig trygg i klassrummet.", *options]]
    button.click()
    expect(button).to_have_attribute("aria-pressed", "false")
    assert pupil.page.evaluate("said").pop() == "stop"
    button.click()
    pupil.next()
    assert pupil.page.evaluate("said").pop() == "stop"
    pupil.page.context.close()


@pytest.mark.parametrize("voices", ["[]", "[voice('sv-SE', false), voice('en-GB', true)]"])
def test_without_such_a_voice_there_is_no_button_to_read_aloud(
    browser: Browser, shipped_forms: Site, voices: str
) -> None:
    pupil = reading(browser, shipped_forms, voices)
    assert pupil.page.locator("[data-part=aloud]").count() == 0
    pupil.page.context.close()

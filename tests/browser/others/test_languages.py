"""Another language at any step of a form, with scripts and without."""

from tests.support.form_in_browser import Site
from tests.support.other_visitor import SHOWN, Opens, Visitor


def switch(visitor: Visitor, tag: str) -> None:
    """Press the button of a language, and wait for the page in it."""
    visitor.press(f"[name=_switch][value={tag}]:not(.quiet)")
    visitor.see(lambda: visitor.language == tag)


def test_another_language_at_any_step_keeps_step_and_answers_and_writes_nothing(
    opens: Opens, shipped_forms: Site
) -> None:
    pupil = opens(shipped_forms.url("pupils", "4A", "?lang=sv"))
    before = shipped_forms.received("pupils", "4A")
    token = pupil.token
    tags = ["en", "ar", "sv"]
    chosen: dict[str, str] = {}
    step = pupil.step
    while True:
        options = pupil.all(f"{SHOWN} input[type=radio]")
        if options:
            options[1].click()
            chosen[step] = str(options[1].get_property("value"))
        tag = tags[len(chosen) % len(tags)]
        switch(pupil, tag)
        assert pupil.driver.current_url.endswith(f"?lang={tag}")
        assert pupil.run("return document.documentElement.dir") == ("rtl" if tag == "ar" else "ltr")
        assert pupil.stands_at(step)
        assert pupil.answered == list(chosen)
        if not pupil.sees("[data-next]"):
            break
        pupil.next()
        step = pupil.step

    assert len(chosen) == len(pupil.all("fieldset"))
    assert pupil.token == token
    assert pupil.kept == ""
    assert shipped_forms.received("pupils", "4A") == before
    pupil.driver.back()
    pupil.see(lambda: pupil.language == tag and pupil.stands_at(list(chosen)[-1]))
    pupil.next()
    pupil.send()
    assert pupil.language == tag
    assert chosen in shipped_forms.scenario.opened("pupils", shipped_forms.scenario.link("pupils", "4A"))


def test_another_language_without_scripts_keeps_the_answers(opens: Opens, shipped_forms: Site) -> None:
    pupil = opens(shipped_forms.url("pupils", "4A", "?lang=sv&kiosk=1"), scripts=False)
    first = "#answers input[type=radio]"
    pupil.press(first)
    chosen = pupil.answered
    assert len(chosen) == 1
    for tag in "en", "ar":
        switch(pupil, tag)
        assert pupil.answered == chosen
        assert f"lang={tag}" in pupil.driver.current_url
        assert "kiosk=1" in pupil.driver.current_url
    assert pupil.find(first).is_selected()


def test_a_grown_up_reads_a_second_language_under_the_first_without_losing_a_step(
    opens: Opens, shipped_forms: Site
) -> None:
    guardian = opens(shipped_forms.url("guardians", query="?lang=sv"))
    guardian.next(2)
    step = guardian.step
    guardian.press(f"{SHOWN} input[type=radio]")
    chosen = guardian.answered
    guardian.press(".second summary")
    guardian.find("#second [value=en]").click()
    guardian.press(".second button")
    guardian.see(lambda: guardian.sees(f"{SHOWN} [lang=en]"))
    assert guardian.stands_at(step)
    assert guardian.answered == chosen

"""Forms and pages are translated by their catalogs, and only what is complete is offered."""

import shutil
from pathlib import Path

import pytest

from survey_service.domain.form import Form
from survey_service.questionnaires.catalogs import Catalogs
from survey_service.questionnaires.form_file import load_forms
from survey_service.settings import shipped

TINY = Path(__file__).parent / "forms"

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
PLURALS = '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'

RESPONDENT_TEXT = '\n#: survey_service/web/respondent/templates/form.html\nmsgid "Send"\nmsgstr "{}"\n'
SHARED_TEXT = '\n#: survey_service/web/shared/language.py\nmsgid "Language"\nmsgstr "{}"\n'
OFFICE_TEXT = '\n#: survey_service/web/admin/templates/rounds.html\nmsgid "Rounds"\nmsgstr "{}"\n'


def entry(context: str, text: str, translation: str) -> str:
    return f'\nmsgctxt "{context}"\nmsgid "{text}"\nmsgstr "{translation}"\n'


ENGLISH = {
    ("minimal", "Så är det"): "The way it is",
    ("minimal", "Berätta."): "Tell us.",
    ("minimal.one", "Trivsel"): "Well-being",
    ("minimal.likes", "Jag trivs."): "I like it here.",
    ("scale.agree-4", "Stämmer helt"): "True",
    ("scale.agree-4", "Stämmer mest"): "Mostly true",
    ("scale.agree-4", "Stämmer lite"): "A little true",
    ("scale.agree-4", "Stämmer inte"): "Not true",
    ("scale.agree-4", "Vet inte"): "Don't know",
}


def write(folder: Path, tag: str, domain: str, content: str) -> None:
    file = folder / tag / "LC_MESSAGES" / f"{domain}.po"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(HEADER + content)


@pytest.fixture
def form() -> Form:
    return load_forms(TINY)["minimal"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """English forms, Swedish pages: all complete."""
    write(tmp_path, "en", "forms", "".join(entry(*key, text) for key, text in ENGLISH.items()))
    pages = RESPONDENT_TEXT.format("Skicka") + SHARED_TEXT.format("Språk") + OFFICE_TEXT.format("Omgångar")
    write(tmp_path, "sv", "ui", pages)
    return tmp_path


def without(text: str) -> str:
    """English forms where one text is not translated."""
    return "".join(entry(*key, "" if key[1] == text else english) for key, english in ENGLISH.items())


def test_a_form_is_translated_in_all_its_texts_and_keeps_its_ids(folder: Path, form: Form) -> None:
    english = Catalogs(folder).translate_form(form, "en")
    assert list(english.texts()) == [(context, text) for (context, _), text in ENGLISH.items()]
    assert [option.id for option in english.questions[0].options] == ["fully", "mostly", "slightly", "not_at_all"]


def test_a_form_is_swedish_without_any_catalog(tmp_path: Path, form: Form) -> None:
    catalogs = Catalogs(tmp_path)
    assert catalogs.translate_form(form, "sv") is form
    assert catalogs.translate_form(form, "en") == form


def test_the_same_words_in_another_context_are_another_text(folder: Path, form: Form) -> None:
    write(folder, "en", "forms", entry("other.one", "Trivsel", "Elsewhere"))
    assert Catalogs(folder).translate_form(form, "en").sections[0].title == "Trivsel"


def test_pages_are_translated_with_plurals_and_fall_back_to_english(folder: Path) -> None:
    plural = '\nmsgid "%(num)d answer"\nmsgid_plural "%(num)d answers"\nmsgstr[0] "ett"\nmsgstr[1] "flera"\n'
    write(folder, "sv", "ui", PLURALS + RESPONDENT_TEXT.format("Skicka") + plural)
    catalogs = Catalogs(folder)
    assert catalogs.interface("sv").gettext("Send") == "Skicka"
    assert catalogs.interface("en").gettext("Send") == "Send"
    assert catalogs.interface("sv").ngettext("%(num)d answer", "%(num)d answers", 1) == "ett"
    assert catalogs.interface("sv").ngettext("%(num)d answer", "%(num)d answers", 2) == "flera"
    assert catalogs.interface("en").ngettext("%(num)d answer", "%(num)d answers", 2) == "%(num)d answers"


def test_a_catalog_is_read_once(folder: Path, form: Form) -> None:
    catalogs = Catalogs(folder)
    before = catalogs.translate_form(form, "en")
    shutil.rmtree(folder / "en")
    assert catalogs.translate_form(form, "en") == before


def test_a_form_is_complete_when_every_text_is_translated(folder: Path, form: Form) -> None:
    assert Catalogs(folder).form_is_complete(form, "en")
    assert Catalogs(folder).form_is_complete(form, "sv")
    assert not Catalogs(folder).form_is_complete(form, "fi")


@pytest.mark.parametrize(("_context", "text"), ENGLISH)
def test_one_text_without_translation_makes_a_form_incomplete(
    folder: Path, form: Form, _context: str, text: str
) -> None:
    write(folder, "en", "forms", without(text))
    assert not Catalogs(folder).form_is_complete(form, "en")


def test_a_doubtful_translation_counts_as_none(folder: Path, form: Form) -> None:
    doubtful = without("Berätta.") + "\n#, fuzzy" + entry("minimal", "Berätta.", "Tell.").replace("\n\n", "\n", 1)
    write(folder, "en", "forms", doubtful)
    assert not Catalogs(folder).form_is_complete(form, "en")
    assert Catalogs(folder).translate_form(form, "en").introduction == "Berätta."


@pytest.mark.parametrize("untranslated", [RESPONDENT_TEXT, SHARED_TEXT])
def test_the_respondents_pages_are_incomplete_without_a_text_that_they_can_show(
    folder: Path, untranslated: str
) -> None:
    pages = RESPONDENT_TEXT.format("Lähetä") + SHARED_TEXT.format("Kieli")
    write(folder, "fi", "ui", pages)
    assert Catalogs(folder).respondent_interface_is_complete("fi")
    missing = pages.replace(untranslated.format("Lähetä"), "").replace(untranslated.format("Kieli"), "")
    write(folder, "fi", "ui", missing)
    assert not Catalogs(folder).respondent_interface_is_complete("fi")
    write(folder, "fi", "ui", missing + untranslated.format(""))
    assert not Catalogs(folder).respondent_interface_is_complete("fi")


def test_the_offices_pages_do_not_matter_to_respondents(folder: Path) -> None:
    write(folder, "fi", "ui", RESPONDENT_TEXT.format("Lähetä") + SHARED_TEXT.format("Kieli"))
    assert Catalogs(folder).respondent_interface_is_complete("fi")
    assert Catalogs(folder).respondent_interface_is_complete("sv")
    assert Catalogs(folder).respondent_interface_is_complete("en")


def test_a_language_without_a_catalog_of_pages_is_incomplete(folder: Path) -> None:
    assert not Catalogs(folder).respondent_interface_is_complete("fi")


def test_complete_languages_are_offered_swedish_first(folder: Path, form: Form) -> None:
    assert Catalogs(folder).offered(form) == ("sv", "en")
    assert Catalogs(folder).offered(form, ["en", "sv"]) == ("sv", "en")


def test_only_wanted_languages_are_offered_and_swedish_always(folder: Path, form: Form) -> None:
    assert Catalogs(folder).offered(form, ["sv"]) == ("sv",)
    assert Catalogs(folder).offered(form, ["en"]) == ("sv", "en")
    assert Catalogs(folder).offered(form, ["tlh"]) == ("sv",)


def test_a_language_in_which_the_form_is_incomplete_is_not_offered(folder: Path, form: Form) -> None:
    write(folder, "en", "forms", without("Jag trivs."))
    assert Catalogs(folder).offered(form) == ("sv",)


def test_every_shipped_form_is_offered_in_swedish_english_and_arabic() -> None:
    catalogs = Catalogs(shipped("translations"))
    for form in load_forms(shipped("forms")).values():
        assert catalogs.offered(form) == ("sv", "en", "ar"), form.id

"""The shipped catalogs hold exactly the texts of the code and the forms, translated without losing anything."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from survey_service.domain.languages import LANGUAGES
from survey_service.questionnaires.catalogs import Catalogs
from survey_service.questionnaires.extract import UnreadableForm, extract_form
from survey_service.questionnaires.form_file import load_forms
from survey_service.settings import shipped

TRANSLATIONS = shipped("translations")
SOURCES = {"ui": TRANSLATIONS.parent / "survey_service", "forms": shipped("forms")}
MUST_BE_COMPLETE = {("ui", "sv"), ("forms", "en"), ("forms", "ar")}

CATALOGS = sorted((file.stem, file.parts[-3]) for file in TRANSLATIONS.glob("*/LC_MESSAGES/*.po"))

Key = tuple[str | None, str | tuple[str, ...]]

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%|\{\w*\}")


def catalog(domain: str, tag: str) -> Catalog:
    return read_po(BytesIO((TRANSLATIONS / tag / "LC_MESSAGES" / f"{domain}.po").read_bytes()))


def messages(domain: str, tag: str) -> list[Message]:
    return [message for message in catalog(domain, tag) if message.id]


def key(message: Message) -> Key:
    return message.context, message.id if isinstance(message.id, str) else tuple(message.id)


def extracted(domain: str) -> set[Key]:
    with (TRANSLATIONS / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    return {(context, text) for _, _, text, _, context in extract_from_dir(SOURCES[domain], methods, options)}


def strings(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or [""])


def ids(message: Message) -> list[str]:
    return [message.id] if isinstance(message.id, str) else list(message.id)


def test_the_catalogs_that_must_be_complete_exist_and_all_are_in_known_languages() -> None:
    assert set(CATALOGS) >= MUST_BE_COMPLETE
    assert {tag for _, tag in CATALOGS} <= set(LANGUAGES)


@pytest.mark.parametrize(("domain", "tag"), CATALOGS)
def test_a_catalog_holds_exactly_the_texts_there_are(domain: str, tag: str) -> None:
    assert {key(message) for message in messages(domain, tag)} == extracted(domain), (
        "run: sh translations/refresh.sh, then translate what is new"
    )


@pytest.mark.parametrize(("domain", "tag"), sorted(MUST_BE_COMPLETE))
def test_nothing_is_left_to_translate(domain: str, tag: str) -> None:
    left = [key(message) for message in messages(domain, tag) if message.fuzzy or not all(strings(message))]
    assert left == []


@pytest.mark.parametrize(("domain", "tag"), CATALOGS)
def test_a_shipped_catalog_holds_nothing_doubtful(domain: str, tag: str) -> None:
    assert [key(message) for message in messages(domain, tag) if message.fuzzy] == []


@pytest.mark.parametrize("tag", ["sv", "en", "ar"])
def test_respondents_meet_every_page_in_their_language(tag: str) -> None:
    assert Catalogs(TRANSLATIONS).respondent_interface_is_complete(tag)


@pytest.mark.parametrize(("domain", "tag"), CATALOGS)
def test_a_catalog_has_as_many_plural_forms_as_its_language(domain: str, tag: str) -> None:
    read = catalog(domain, tag)
    assert read.num_plurals == Catalog(locale=LANGUAGES[tag].locale).num_plurals
    plurals = [message for message in messages(domain, tag) if message.pluralizable]
    assert all(len(strings(message)) == read.num_plurals for message in plurals)


@pytest.mark.parametrize(("domain", "tag"), CATALOGS)
def test_a_translation_has_the_placeholders_of_its_source(domain: str, tag: str) -> None:
    for message in messages(domain, tag):
        source = {found for text in ids(message) for found in PLACEHOLDER.findall(text)}
        for text in filter(None, strings(message)):
            assert set(PLACEHOLDER.findall(text)) == source, message.id


@pytest.mark.parametrize(("domain", "tag"), CATALOGS)
def test_a_translation_has_the_paragraphs_of_its_source_and_no_html(domain: str, tag: str) -> None:
    for message in messages(domain, tag):
        for text in filter(None, strings(message)):
            assert text.count("\n") == ids(message)[0].count("\n"), message.id
            assert not re.search(r"<[a-zA-Z/!]", text), message.id


@pytest.mark.parametrize(("domain", "tag"), CATALOGS)
def test_a_catalog_says_who_translated_it_and_whether_a_speaker_has_reviewed_it(domain: str, tag: str) -> None:
    header = (TRANSLATIONS / tag / "LC_MESSAGES" / f"{domain}.po").read_text().partition("msgid")[0]
    assert re.search(r"^# Translated .*by (?!YOUR NAME)\w+", header, re.MULTILINE)
    assert re.search(r"^# X-Reviewed-By-Speaker: (yes|no)$", header, re.MULTILINE)


def test_extraction_finds_every_text_of_the_forms_in_the_context_that_translation_asks_for() -> None:
    needed = {text for form in load_forms(shipped("forms")).values() for text in form.texts()}
    assert needed <= extracted("forms")


TINY = Path(__file__).parent / "forms"


def test_extraction_finds_every_text_of_every_feature_of_the_format() -> None:
    found = {
        message
        for file in TINY.rglob("*.yaml")
        for _, _, message, _ in extract_form(BytesIO(file.read_bytes()), (), (), {})
    }
    needed = {text for form in load_forms(TINY).values() for text in form.texts()}
    assert found == needed


def test_extraction_yields_the_lines_of_texts() -> None:
    file = TINY / "minimal" / "form.yaml"
    lines = file.read_text().splitlines()
    for line, _, (_, text), _ in extract_form(BytesIO(file.read_bytes()), (), (), {}):
        assert text in lines[line - 1]


def test_extraction_of_a_broken_form_says_what_to_mend() -> None:
    with pytest.raises(UnreadableForm, match=r"form.yaml:2: `version` .* must be a whole number"):
        list(extract_form(BytesIO(b"form: broken\nversion: one\n"), (), (), {}))

"""The gettext catalogs: interface texts and forms in every language, and which languages are complete."""

from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from survey_service.domain.form import Form
from survey_service.domain.languages import LANGUAGES, SOURCE

INTERFACE_SOURCE = "en"
"""Interface texts are written in English in the code; Swedish is their reference translation."""

RESPONDENT_PLACES = ("web/respondent/", "web/shared/")
"""Where the interface texts stand that a respondent can meet."""

MessageKey = tuple[str | None, str]
"""Message context (None without one) and source text."""


class Catalogs:
    """Translations from `<folder>/<tag>/LC_MESSAGES/{ui,forms}.po`, read when first needed and then kept.

    One object serves a process. A language without a catalog has the source texts, and is not complete.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._catalogs: dict[tuple[str, str], Catalog] = {}
        self._translations: dict[tuple[str, str], NullTranslations] = {}

    def interface(self, tag: str) -> NullTranslations:
        """The interface's texts in that language: its `gettext`, `ngettext`, `pgettext` and `npgettext`."""
        return self._texts("ui", tag)

    def translate_form(self, form: Form, tag: str) -> Form:
        """The form in that language; a text without translation stays Swedish."""
        return form if tag == SOURCE else form.translated(self._texts("forms", tag).upgettext)

    def form_is_complete(self, form: Form, tag: str) -> bool:
        """Whether every text of the form is translated."""
        return tag == SOURCE or set(form.texts()) <= self._translated("forms", tag)

    def respondent_interface_is_complete(self, tag: str) -> bool:
        """Whether every interface text that a respondent can meet is translated."""
        if tag == INTERFACE_SOURCE:
            return True
        reference = self._catalog("ui", SOURCE)
        needed = {_key(message) for message in _messages(reference) if _meets_respondents(message)}
        return self._file("ui", tag).is_file() and needed <= self._translated("ui", tag)

    def offered(self, form: Form, wanted: Collection[str] | None = None) -> tuple[str, ...]:
        """Tags of the languages that the form can be answered in, Swedish first and always among them.

        `wanted` are the collection's languages, None for all that are complete; unknown tags are passed over.
        """
        others = (tag for tag in LANGUAGES if tag != SOURCE and (wanted is None or tag in wanted))
        complete = (
            tag for tag in others if self.form_is_complete(form, tag) and self.respondent_interface_is_complete(tag)
        )
        return (SOURCE, *complete)

    def _file(self, domain: str, tag: str) -> Path:
        return self._folder / tag / "LC_MESSAGES" / f"{domain}.po"

    def _catalog(self, domain: str, tag: str) -> Catalog:
        if (domain, tag) not in self._catalogs:
            file = self._file(domain, tag)
            self._catalogs[domain, tag] = read_po(BytesIO(file.read_bytes() if file.is_file() else b""))
        return self._catalogs[domain, tag]

    def _texts(self, domain: str, tag: str) -> NullTranslations:
        if (domain, tag) not in self._translations:
            self._translations[domain, tag] = NullTranslations()
            if self._file(domain, tag).is_file():
                compiled = BytesIO()
                write_mo(compiled, self._catalog(domain, tag))
                compiled.seek(0)
                self._translations[domain, tag] = Translations(compiled, domain)
        return self._translations[domain, tag]

    def _translated(self, domain: str, tag: str) -> set[MessageKey]:
        return {_key(message) for message in _messages(self._catalog(domain, tag)) if _is_translated(message)}


def _messages(catalog: Catalog) -> Iterator[Message]:
    return (message for message in catalog if message.id)


def _key(message: Message) -> MessageKey:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def _is_translated(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(strings) and not message.fuzzy


def _meets_respondents(message: Message) -> bool:
    return any(place in file for file, _ in message.locations for place in RESPONDENT_PLACES)

"""Form pages: rendered and compressed once for all who get the same one, or anew around answers already given."""

import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from flask import render_template

from survey_service.domain.form import Form
from survey_service.questionnaires.catalogs import Catalogs
from survey_service.services.enter_link import Entrance
from survey_service.services.forms_in_use import FormInUse
from survey_service.web.respondent.kept import Kept
from survey_service.web.respondent.split_page import SplitPage
from survey_service.web.shared.language import chosen, language, speak

PAGES_KEPT = 2_000
"""About ten kilobytes each."""

FORMS_KEPT = 500

PageKey = tuple[str, str, str, str, str]
"""All that a page shows: form digest, language, municipality, unit, group."""

TranslatedForms = Kept[tuple[str, str], Form]
"""Forms by digest and language."""


@dataclass(frozen=True)
class Problem:
    """Why a sent form comes back: `kind` chooses the words, `questions` are those concerned."""

    kind: str
    questions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """What one respondent has in hand: a form at a link, perhaps with answers already given."""

    form: FormInUse
    entrance: Entrance
    municipality: str
    answers: Mapping[str, str] = field(default_factory=dict)
    problem: Problem | None = None


class FormPages:
    """Renders sheets in the language of the reply. One object serves a process."""

    def __init__(self, catalogs: Catalogs) -> None:
        self._catalogs = catalogs
        self._gap = secrets.token_hex(16)  # random, so that no text of a form can hold it
        self._pages: Kept[PageKey, SplitPage] = Kept(PAGES_KEPT)
        self._translated = TranslatedForms(FORMS_KEPT)
        self._tags: Kept[tuple[str, tuple[str, ...]], tuple[str, ...]] = Kept(FORMS_KEPT)

    def speak(self, form: FormInUse, wanted: Collection[str]) -> None:
        """Decide the language of the reply: one that the form is complete in and the collection wants."""
        speak(chosen(self.tags(form, wanted)))

    def tags(self, form: FormInUse, wanted: Collection[str]) -> tuple[str, ...]:
        """The languages that a form is offered in; `wanted` empty means every one it has."""
        key = form.digest, tuple(wanted)
        return self._tags.get(key, lambda: self._catalogs.offered(form.form, wanted or None))

    def blank(self, sheet: Sheet) -> SplitPage:
        """The page of a sheet without answers, with a gap for the token."""
        entrance = sheet.entrance
        place = sheet.municipality, entrance.unit_name, entrance.link.group
        return self._pages.get((sheet.form.digest, language().tag, *place), lambda: self._split(sheet))

    def filled(self, sheet: Sheet, token: str) -> str:
        """The page of a sheet with its answers and what is wrong with it."""
        return self._render(sheet, token)

    def _split(self, sheet: Sheet) -> SplitPage:
        before, _, after = self._render(sheet, self._gap).partition(self._gap)
        return SplitPage.around_gap(before.encode(), after.encode())

    def _render(self, sheet: Sheet, token: str) -> str:
        tag = language().tag
        source = sheet.form
        form = self._translated.get((source.digest, tag), lambda: self._catalogs.translate_form(source.form, tag))
        return render_template(
            "respondent/form.html",
            form=form,
            unit_name=sheet.entrance.unit_name,
            group=sheet.entrance.link.group,
            municipality=sheet.municipality,
            tags=self.tags(source, sheet.entrance.collection.languages),
            answers=sheet.answers,
            problem=sheet.problem,
            token=token,
        )

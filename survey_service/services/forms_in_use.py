"""The form versions that rounds use, read once from the database and kept by the process that asks."""

from dataclasses import dataclass

from survey_service.domain.answers import AnswerLayout
from survey_service.domain.form import Form
from survey_service.questionnaires.form_file import from_definition
from survey_service.storage.database import Database
from survey_service.storage.forms import find_form


class UnknownForm(LookupError):
    """No round uses this form version."""


@dataclass(frozen=True)
class FormInUse:
    """A form version in its source language, with what its answers look like when sealed."""

    form: Form
    digest: str
    layout: AnswerLayout


class FormsInUse:
    """Form versions by id and version. Frozen ones never change, so they are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[tuple[str, int], FormInUse] = {}

    def get(self, form_id: str, version: int) -> FormInUse:
        """One form version. Raises UnknownForm."""
        if (form_id, version) in self._kept:
            return self._kept[form_id, version]
        with self._database.read() as connection:
            stored = find_form(connection, form_id, version)
        if stored is None:
            raise UnknownForm(f"form {form_id} version {version}")
        form = from_definition(stored.definition)
        found = FormInUse(form, stored.digest, AnswerLayout(form))
        if stored.frozen:
            self._kept[form_id, version] = found
        return found

"""What the views work with: the database, the keys, and what a process remembers of links and pages."""

from dataclasses import dataclass

from flask import current_app

from survey_service.domain.access import read_code
from survey_service.domain.form_token import FormToken, FormTokens
from survey_service.services.enter_link import Entrance, look_up, own_groups, submission_for
from survey_service.services.forms_in_use import FormInUse, FormsInUse
from survey_service.services.readiness import Database
from survey_service.settings import Settings
from survey_service.web.respondent.failed_codes import FailedCodes
from survey_service.web.respondent.form_pages import FormPages
from survey_service.web.respondent.kept import Kept

LINK_SECONDS, LINKS_KEPT = 1.0, 5_000
"""A link's state may be a second old when a form is opened; sending checks it anew."""

GROUPS_SECONDS = 60.0

SENDING_SECONDS = 60.0
"""Which link a code leads to never changes, and all else of it is read anew in the transaction that stores answers."""


@dataclass(frozen=True)
class Visit:
    """Somebody at a link: the code in its plain spelling, the link behind it, and the form that it leads to.

    `groups` are those of the unit, where the form asks which one is the respondent's own.
    """

    code: str
    entrance: Entrance
    form: FormInUse
    groups: tuple[str, ...] = ()


class Desk:
    """Takes visitors in. One object serves a process."""

    def __init__(self, settings: Settings, database: Database, pages: FormPages, failed_codes: FailedCodes) -> None:
        self.database = database
        self.pages = pages
        self.failed_codes = failed_codes
        self.sealing_key = settings.keys["sealing"][0]
        self.tokens = FormTokens(settings.keys["token"])
        self._token_keys = settings.keys["token"]
        self._lookup_keys = settings.keys["lookup"]
        self._forms = FormsInUse(database)
        self._entrances: Kept[str, tuple[str, Entrance]] = Kept(LINKS_KEPT, LINK_SECONDS)
        self._groups: Kept[str, tuple[str, ...]] = Kept(LINKS_KEPT, GROUPS_SECONDS)

    def entrance(self, typed: str, seconds: float = LINK_SECONDS) -> tuple[str, Entrance]:
        """The code that was meant and the link behind it as of some seconds ago. Raises MistypedCode or UnknownCode."""
        return self._entrances.get(typed, lambda: self._look_up(typed), seconds)

    def visit(self, typed: str, seconds: float = LINK_SECONDS) -> Visit:
        """As `entrance`, with the form."""
        code, entrance = self.entrance(typed, seconds)
        form = self._forms.get(entrance.collection.form, entrance.collection.form_version)
        return Visit(code, entrance, form, self._own_groups(entrance, form))

    def new_token(self, visit: Visit) -> FormToken:
        """A token for a form that is about to be handed out. Raises Used."""
        link = visit.entrance.link
        submission = submission_for(self.database, visit.entrance, self._token_keys, visit.code)
        return FormToken(link.id, link.version, visit.form.digest, submission)

    def read_token(self, visit: Visit, text: str) -> FormToken:
        """The token of a form that was handed out. Raises AlteredToken."""
        return self.tokens.read(text, visit.entrance.link.id, visit.form.digest)

    def _own_groups(self, entrance: Entrance, form: FormInUse) -> tuple[str, ...]:
        if not form.form.asks_own_group or entrance.link.group:
            return ()
        return self._groups.get(entrance.link.id, lambda: own_groups(self.database, entrance))

    def _look_up(self, typed: str) -> tuple[str, Entrance]:
        code = read_code(typed)
        return code, look_up(self.database, self._lookup_keys, code)


def desk() -> Desk:
    """The desk of the running application."""
    found: Desk = current_app.extensions["desk"]
    return found

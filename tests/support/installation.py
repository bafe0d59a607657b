"""A small installation driven through its real services: the given of tests of the core."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Table, select

from survey_service.domain.access import Access, Link, key_fingerprint
from survey_service.domain.answers import answer_context
from survey_service.domain.counting_key import CountingKey, check_word, public_part
from survey_service.domain.disclosure import ReleasedTable
from survey_service.domain.form import Form
from survey_service.domain.form_token import FormToken, new_submission_id
from survey_service.domain.organisation import Grades, Group, Headcounts, Operator, Organisation, Unit, UnitSchoolForm
from survey_service.domain.sealing import seal
from survey_service.domain.survey_round import Collection, Round
from survey_service.services.apply_round import apply_round
from survey_service.services.check_installation import unbalanced
from survey_service.services.close_round import close_round
from survey_service.services.confirm_recovery import confirm_recovery
from survey_service.services.count_sealed import CountingRoom
from survey_service.services.enter_link import check_door, look_up, own_groups, submission_for
from survey_service.services.forms_in_use import FormsInUse
from survey_service.services.issue_links import LinkKeys, list_codes
from survey_service.services.open_round import open_round
from survey_service.services.submit_answers import submit_answers
from survey_service.services.work import Turn, Worker
from survey_service.storage.database import Database
from survey_service.storage.links import Entrance, find_entrance, links_of
from survey_service.storage.organisation import replace_organisation
from survey_service.storage.releases import Counted, tables_of
from survey_service.storage.running_tallies import RunningTally, find_tally
from survey_service.storage.sealed_answers import add_receipt, add_sealed, receipt
from tests.support.small_form import SMALL_FORM

LINK_KEY, LOOKUP_KEY, TOKEN_KEY, COUNTING_KEY = (bytes(range(start, start + 32)) for start in range(4))

ROUND = "ht-2026"
A_MORNING = datetime(2026, 10, 1, 8, tzinfo=UTC)

PUPILS = Collection(
    id="pupils",
    school_form="grundskola",
    audience="pupil",
    form=SMALL_FORM.id,
    form_version=SMALL_FORM.version,
    access=Access.GROUP,
    opens=date(2026, 9, 14),
    closes=date(2026, 10, 30),
)


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self, now: datetime = A_MORNING) -> None:
        self.now = now

    def forward(self, **much: float) -> datetime:
        """Let time pass, in the words of timedelta."""
        self.now += timedelta(**much)
        return self.now


def municipality(units: Mapping[str, Mapping[str, int]]) -> Organisation:
    """Schools of one operator: pupils by class, by unit; a class's name begins with its grade. Ten staff each."""
    operator = Operator("2120009901", "Exempelby kommun", "municipal")
    return Organisation(
        "9901",
        "Exempelby",
        {operator.code: operator},
        {code: Unit(code, f"Skola {code}", operator.code) for code in units},
        {
            (code, "grundskola"): UnitSchoolForm(
                code,
                "grundskola",
                Headcounts(staff=10),
                tuple(Group(name, Grades.parse(name[0]), Headcounts(size)) for name, size in classes.items()),
            )
            for code, classes in units.items()
        },
    )


@dataclass(frozen=True)
class Installation:
    """A migrated database with an organisation and one round, the keys of all processes, and a clock."""

    database: Database
    forms: dict[str, Form] = field(default_factory=lambda: {SMALL_FORM.id: SMALL_FORM})
    keys: LinkKeys = field(default_factory=lambda: LinkKeys((LINK_KEY,), (LOOKUP_KEY,)))
    clock: Clock = field(default_factory=Clock)

    def organise(self, organisation: Organisation) -> None:
        """Write the organisation in place of the one that was."""
        with self.database.write() as connection:
            replace_organisation(connection, organisation)

    def plan(self, *collections: Collection, thresholds: Mapping[str, Mapping[str, int]] | None = None) -> Round:
        """The round as its file would describe it."""
        fingerprint = key_fingerprint(self.keys.link[0])
        return Round(ROUND, {"sv": "Höst"}, "2026/27", "UN 1", fingerprint, collections, thresholds or {})

    def apply(self, *collections: Collection, thresholds: Mapping[str, Mapping[str, int]] | None = None) -> int:
        """Take the round as described; returns how many links it has."""
        planned = self.plan(*collections, thresholds=thresholds)
        return apply_round(self.database, self.keys, planned, self.forms, self.clock.now)

    def confirm(self) -> None:
        """Show that the recovery sheet is in safe-keeping."""
        confirm_recovery(self.database, COUNTING_KEY, check_word(COUNTING_KEY))

    def open(self, only: str | None = None) -> list[str]:
        """Open the round by hand."""
        return open_round(self.database, ROUND, self.clock.now, only)

    def close(self, only: str | None = None) -> list[str]:
        """Close the round by hand."""
        return close_round(self.database, ROUND, self.clock.now, only)

    def turn(self) -> Turn:
        """One turn of the worker."""
        return Worker(self.database, CountingKey([COUNTING_KEY])).turn(self.clock.now)

    @property
    def counting_room(self) -> CountingRoom:
        """Where the worker counts."""
        return CountingRoom(self.database, CountingKey([COUNTING_KEY]), FormsInUse(self.database))

    def codes(self, collection_id: str = "pupils", group: str = "", unit_code: str = "A") -> list[str]:
        """The codes of one link."""
        place = (collection_id, unit_code, group)
        issued = list_codes(self.database, self.keys, ROUND)
        return [
            item.code for item in issued if (item.link.collection_id, item.link.unit_code, item.link.group) == place
        ]

    def link(self, collection_id: str = "pupils", group: str = "", unit_code: str = "A") -> Link:
        """One link as it stands now."""
        with self.database.read() as connection:
            there = {(link.unit_code, link.group): link for link in links_of(connection, ROUND, collection_id)}
        return there[unit_code, group]

    def links(self) -> list[Link]:
        """All links of the round."""
        with self.database.read() as connection:
            return links_of(connection, ROUND)

    def form_token(self, code: str) -> FormToken:
        """Open the form behind a code, as a respondent does."""
        entrance = look_up(self.database, self.keys.lookup, code)
        check_door(entrance, self.clock.now)
        form = FormsInUse(self.database).get(entrance.collection.form, entrance.collection.form_version)
        submission = submission_for(self.database, entrance, [TOKEN_KEY], code)
        return FormToken(entrance.link.id, entrance.link.version, form.digest, submission)

    def send(self, token: FormToken, *, through: Entrance | None = None, **answers: str) -> None:
        """Send a form that was opened, through the link as it is unless another picture of it is given."""
        with self.database.read() as connection:
            entrance = through or find_entrance(connection, token.link_id)
        assert entrance is not None
        submit_answers(
            self.database,
            entrance=entrance,
            token=token,
            form=FormsInUse(self.database).get(entrance.collection.form, entrance.collection.form_version),
            fields={question: [value] for question, value in answers.items()},
            groups=own_groups(self.database, entrance),
            sealing_key=public_part(COUNTING_KEY),
            now=self.clock.now,
        )

    def answer(self, code: str, times: int = 1, **answers: str) -> None:
        """Open and send the form behind a code, as often as people do."""
        for _ in range(times):
            self.send(self.form_token(code), **answers)

    def put_many(self, link: Link, times: int, **answers: str) -> None:
        """Let many answers wait at once, as sending them one by one would have left them."""
        with self.database.read() as connection:
            entrance = find_entrance(connection, link.id)
        assert entrance is not None
        form = FormsInUse(self.database).get(entrance.collection.form, entrance.collection.form_version)
        one_each = {question: (value,) for question, value in answers.items()}
        plaintext = form.layout.encode(one_each, answer_context(link.id, link.version, form.digest))
        with self.database.write() as connection:
            for _ in range(times):
                add_receipt(connection, link.id, link.version, new_submission_id())
                add_sealed(connection, link.id, link.version, seal(public_part(COUNTING_KEY), plaintext))

    def tally(self, link: Link, version: int | None = None) -> RunningTally:
        """The running tally of a link's version, the current one unless another is named."""
        with self.database.read() as connection:
            return find_tally(connection, link.id, version or link.version)

    def rows(self, table: Table) -> int:
        """How many rows a table has."""
        with self.database.read() as connection:
            return len(connection.execute(select(table)).all())

    def receipts(self) -> int:
        """How many receipts there are."""
        return self.rows(receipt)

    def assert_balanced(self) -> None:
        """Received = counted + waiting + quarantined + voided, for every link and version."""
        with self.database.read() as connection:
            assert unbalanced(connection) == []

    def released(self, collection_id: str = "pupils", number: int = 1) -> list[tuple[ReleasedTable, Counted | None]]:
        """What a release holds of a collection."""
        with self.database.read() as connection:
            return list(tables_of(connection, ROUND, number, collection_id))


def an_installation(
    database: Database, units: Mapping[str, Mapping[str, int]], *collections: Collection, opened: bool = True
) -> Installation:
    """An installation whose round asks `collections` (the pupils, unless named) in `units`, open or planned."""
    installation = Installation(database)
    installation.organise(municipality(units))
    installation.apply(*collections or (PUPILS,))
    if opened:
        installation.confirm()
        installation.open()
    return installation


STAFF = replace(PUPILS, id="staff", audience="staff", access=Access.SINGLE_USE)
"""A pile of single-use cards for each unit's ten; they get the same small form."""

"""The story of sixty answers, sent in a known order and stolen from at every moment on their way to a release."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import select, text

from survey_service.domain.answers import CountedAnswer
from survey_service.domain.counting_key import CountingKey
from survey_service.domain.tally import WHOLE, TableKey, TallyLayout, to_bytes
from survey_service.services.close_round import close_round
from survey_service.services.work import Worker
from survey_service.storage.database import Database
from survey_service.storage.running_tallies import tallies_of
from survey_service.storage.sealed_answers import sealed_answer
from tests.support.open_round import CLOSED, DURING, FORGOTTEN, OTHER, OWN, Fields, HandedOut, OpenRound
from tests.support.postgres import PostgresServer
from tests.support.thief import Loot, steal

MOMENTS = ("while all wait", "in the midst of counting", "while some wait", "after closing", "after compiling")
FORGETTING = "after the receipts are forgotten"


@dataclass(frozen=True)
class Sent:
    """One answer, as only its sender knows it, and the box in which it waited."""

    form: HandedOut
    row: bytes
    box_id: str
    box: bytes

    @property
    def submission_id(self) -> str:
        return self.form.token.submission_id


@dataclass
class Story:
    """What happened, and what a thief would have found at each moment. `server` is None for SQLite."""

    round: OpenRound
    server: PostgresServer | None
    sent: list[Sent] = field(default_factory=list)
    loot: dict[str, Loot] = field(default_factory=dict)
    tallies: dict[str, set[bytes]] = field(default_factory=dict)
    places: dict[str, list[object]] = field(default_factory=dict)

    @property
    def database(self) -> Database:
        return self.round.database

    def boxes(self) -> dict[str, bytes]:
        """The sealed answers that wait, by row id."""
        with self.database.read() as connection:
            return {row.id: row.box for row in connection.execute(select(sealed_answer))}

    def send(self, form: HandedOut, fields: Fields) -> None:
        """Send one answer and remember all of it."""
        before = self.boxes()
        self.round.send(form, fields)
        ((box_id, box),) = set(self.boxes().items()) - set(before.items())
        self.sent.append(Sent(form, form.row(fields), box_id, box))

    def steal(self, moment: str) -> None:
        """Keep the files as they are at a moment."""
        self.loot[moment] = steal(self.database, self.server)

    def turn(self, worker: Worker) -> None:
        """Let the worker count, and remember by form what the running tallies looked like in between."""
        worker.turn(DURING)
        forms = {sent.form.token.link_id: sent.form.form.form.id for sent in self.sent}
        with self.database.read() as connection:
            for tally in tallies_of(connection):
                if tally.closed_cells:
                    self.tallies.setdefault(forms[tally.link_id], set()).add(tally.closed_cells)

    def sent_to(self, collection_id: str, unit_code: str, group: str = "") -> list[Sent]:
        """The answers of one link."""
        codes = self.round.codes_of(collection_id, unit_code, group)
        return [sent for sent in self.sent if sent.form.code in codes]


class WatchedKey(CountingKey):
    """A counting key during whose work something happens: right before a new tally is closed and written."""

    def __init__(self, key: bytes, happens: Callable[[], None]) -> None:
        super().__init__([key])
        self._happens = happens

    def close_tally(self, cells: bytes, link_id: str, version: int, group_key: str = "") -> bytes:
        self._happens()
        return super().close_tally(cells, link_id, version, group_key)


def tell(story: Story) -> Story:
    """Let everything happen: most answers, some of them counted, the others, closing, compiling, forgetting."""
    key = story.round.counting_key
    watched = WatchedKey(story.round.keys.counting, lambda: story.steal("in the midst of counting"))
    codes = sixty_codes(story.round)
    send_answers(story, codes[:45])  # so many that one link at least has a batch
    if story.server is not None:
        with story.server.connect(str(story.database.url.database)) as connection:
            connection.execute("ANALYZE")  # which PostgreSQL does by itself, sooner or later
    story.steal("while all wait")
    story.turn(Worker(story.database, watched))
    send_answers(story, codes[45:52])
    story.turn(Worker(story.database, key))
    send_answers(story, codes[52:])
    story.turn(Worker(story.database, key))
    story.steal("while some wait")
    close_round(story.database, "ht-2026", CLOSED)
    story.steal("after closing")
    Worker(story.database, key).finish("ht-2026", CLOSED)
    story.steal("after compiling")
    story.places = places_of(story, "receipt", [sent.submission_id for sent in story.sent])
    Worker(story.database, key).turn(FORGOTTEN)
    story.steal(FORGETTING)
    return story


def sixty_codes(given: OpenRound) -> list[str]:
    """Codes of three classes, a class of three, the staff and both heads, in the order in which they are used."""
    codes = [
        *(given.codes_of("pupils", OWN, "4A") * 11),
        *(given.codes_of("pupils", OWN, "4B") * 3),
        *(given.codes_of("pupils", OWN, "5A") * 17),
        *(given.codes_of("pupils", OTHER, "4A") * 7),
        *given.codes_of("staff")[:20],
        *given.codes_of("heads", OWN),
        *given.codes_of("heads", OTHER),
    ]
    random.shuffle(codes)
    return codes


def send_answers(story: Story, codes: Sequence[str]) -> None:
    """Everybody answers everything at random; the first of class 5A is of the gender *other*."""
    the_class = story.round.codes_of("pupils", OWN, "5A")
    for code in codes:
        form = story.round.hand_out(code)
        fields = {name: [random.choice(list(values))] for name, values in form.form.layout.codes.items()}
        if "gender" in fields:
            is_first = code in the_class and not story.sent_to("pupils", OWN, "5A")
            fields["gender"] = ["other" if is_first else random.choice(["girl", "boy"])]
        story.send(form, fields)


def places_of(story: Story, table: str, ids: Sequence[str]) -> dict[str, list[object]]:
    """Everything about a table's rows that could tell in which order they came: places by name, one for each id."""
    hidden = ("ctid", "xmin::text::bigint", "cmin::text::bigint") if story.server else ()
    loot = steal(story.database, story.server)
    places: dict[str, list[object]] = {
        f"place in {name}": [content.find(row_id.encode()) for row_id in ids]
        for name, content in loot.files.items()
        if all(row_id.encode() in content for row_id in ids)
    }
    with story.database.read() as connection:
        for column in hidden:
            rows = dict(connection.execute(text(f"SELECT id, {column} FROM {table}")).all())  # noqa: S608
            places[column] = [_number(rows[row_id]) for row_id in ids]
    return places


def table_of(answers: Sequence[Sent], key: TableKey = WHOLE) -> bytes:
    """The table that these answers make, as it would be written down."""
    layout = TallyLayout(answers[0].form.form.form)
    cells = layout.empty()
    for sent in answers:
        layout.add(cells, CountedAnswer(sent.row))
    return to_bytes(layout.table(cells, key))


def _number(place: object) -> object:
    """A ctid, which comes as text such as `(3,14)`, as two numbers; anything else as it is."""
    return tuple(map(int, place.strip("()").split(","))) if isinstance(place, str) else place

"""Two thieves steal the database of sixty answers that were sent in a known order; this is what they can learn.

The first has every file and every code, at any moment, but no key: no content may be found.
The second has the counting key besides, after closing, compiling and scrubbing: no code may be tied to an answer, and
no order may be told.

While answers wait, whoever has the files and the counting key learns which submission gave which answers. No less is
promised; how much is measured here and kept as properties of the tests. SQLite's write-ahead log shows every
transaction whole until it is begun anew, and the pages keep some of the order; in PostgreSQL a receipt and its answer
bear the same transaction's number, and rows that were counted stay in the pages until these are cleaned.

PostgreSQL's own log (pg_wal) cannot be scrubbed from within: it holds sealed boxes, in their order and beside their
receipts, until its segments are written over. Whoever can read it and has the counting key learns as much afterwards
as while answers waited. So it belongs on an encrypted disk and in no archive, with `wal_recycle = off`, by which old
segments are removed rather than kept for new use.
"""

import subprocess
import sys
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Connection, inspect, select, text
from sqlalchemy import table as table_named

from survey_service.domain.access import spaced
from survey_service.domain.sealing import seal
from survey_service.domain.tally import TableKey
from survey_service.services.scrub import scrub
from survey_service.services.work import Worker
from survey_service.storage.database import Database
from survey_service.storage.releases import released_table
from survey_service.storage.running_tallies import tallies_of
from tests.support.command import ROOT, environment
from tests.support.open_round import DURING, HEADS, OTHER, OWN, PUPILS, STAFF, make_open_round
from tests.support.postgres import PostgresServer
from tests.support.sixty_answers import (
    FORGETTING,
    MOMENTS,
    Story,
    places_of,
    send_answers,
    sixty_codes,
    table_of,
    tell,
)
from tests.support.small_municipality import migrated
from tests.support.thief import KeyThief, open_boxes, rank_correlation, steal

CHANCE = 0.55
"""For sixty places chance exceeds this rank correlation once in some fifty thousand times."""

BESIDE_A_LINK = {
    "answers_per_day": {"link_id", "day", "received"},
    "link_code": {"link_id", "look_up", "version"},
    "progress": {"link_id", "shown", "shown_at"},
    "own_group_tally": {"link_id", "version", "group_key", "closed_cells"},
    "quarantined_answer": {"link_id", "version", "id", "box"},
    "receipt": {"link_id", "version", "id"},
    "running_tally": {"link_id", "version", "closed_cells", "counted", "quarantined", "voided", "received"},
    "sealed_answer": {"link_id", "version", "id", "box"},
    "sealed_text": {"link_id", "version", "id", "box"},
}
"""Every table that could be about a respondent, and all its columns; the only times are of a whole link's figure."""

Record = Callable[[str, object], None]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def story(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """The whole story, told once for each engine; tests only look at it."""
    if request.param == "sqlite":
        with migrated(f"sqlite:///{tmp_path_factory.mktemp('story') / 'survey.sqlite'}") as database:
            yield tell(Story(make_open_round(database, PUPILS, STAFF, HEADS), None))
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as url, migrated(url) as database:
        yield tell(Story(make_open_round(database, PUPILS, STAFF, HEADS), server))


@pytest.fixture
def server(request: pytest.FixtureRequest, database: Database) -> PostgresServer | None:
    """The server whose files are the database's; None for SQLite."""
    return None if database.is_sqlite else request.getfixturevalue("postgres_server")


@pytest.fixture
def record(request: pytest.FixtureRequest) -> Record:
    """Keep a measured figure with the test's report, and print it."""

    def keep(name: str, value: object) -> None:
        request.node.user_properties.append((name, value))
        print(f"{name}: {value}")  # noqa: T201 - figures that a person asks for with -rP

    return keep


# The thief without a key


@pytest.mark.parametrize("moment", MOMENTS)
def test_no_file_holds_an_answer_in_the_clear(story: Story, moment: str) -> None:
    loot = story.loot[moment]
    for sent in story.sent:
        assert not loot.where(sent.row)
        assert not any(sent.row in content for content in loot.log.values())


@pytest.mark.parametrize("moment", MOMENTS)
def test_no_file_has_an_option_beside_a_question(story: Story, moment: str) -> None:
    for content in story.loot[moment].own_files():
        assert not list(named_answers(story, content))


def test_answers_in_the_clear_would_be_found(database: Database, server: PostgresServer | None) -> None:
    story = Story(make_open_round(database, PUPILS, STAFF, HEADS), server)
    send_answers(story, sixty_codes(story.round)[:5])
    with database.write() as connection:
        kind = "BLOB" if database.is_sqlite else "BYTEA"
        connection.execute(text(f"CREATE TABLE note (answer {kind}, words TEXT)"))
        for sent in story.sent:
            words = f'{{"{next(iter(sent.form.only(0)))}": "{next(iter(sent.form.only(0).values()))[0]}"}}'
            connection.execute(text("INSERT INTO note VALUES (:answer, :words)"), {"answer": sent.row, "words": words})

    loot = steal(database, server)

    assert all(loot.where(sent.row) for sent in story.sent)
    assert any(list(named_answers(story, content)) for content in loot.own_files())


def test_all_boxes_of_a_form_are_of_one_length(story: Story) -> None:
    for form in {sent.form.form.form.id: sent.form for sent in story.sent}.values():
        layout, context = form.form.layout, bytes(16)
        extremes = [{}, *({name: [list(values)[end]] for name, values in layout.codes.items()} for end in (0, -1))]
        lengths = {len(seal(bytes(range(32)), layout.encode(answers, context))) for answers in extremes}
        lengths |= {len(sent.box) for sent in story.sent if sent.form.form.digest == form.form.digest}
        assert len(lengths) == 1


def test_all_running_tallies_of_a_form_are_of_one_length(story: Story) -> None:
    assert len(story.tallies["pupil-4-6"]) > 1
    for closed in story.tallies.values():
        assert len(set(map(len, closed))) == 1


@pytest.mark.parametrize("moment", [*MOMENTS, FORGETTING])
def test_no_file_holds_a_code(story: Story, moment: str) -> None:
    loot = story.loot[moment]
    for issued in story.round.codes:
        for written in (issued.code, spaced(issued.code), issued.code.lower()):
            assert not loot.where(written.encode())
            assert not any(written.encode() in content for content in loot.log.values())


def test_a_box_stands_under_an_id_that_its_receipt_does_not_tell(story: Story) -> None:
    receipts, boxes = ([sent.submission_id for sent in story.sent], [sent.box_id for sent in story.sent])
    by_receipt = sorted(story.sent, key=lambda sent: sent.submission_id)

    assert not set(receipts) & set(boxes)
    assert not {row_id[:8] for row_id in receipts} & {row_id[:8] for row_id in boxes}
    assert abs(rank_correlation([sent.box_id for sent in by_receipt])) < CHANCE


def test_tables_about_respondents_have_no_columns_but_the_known_ones(database: Database) -> None:
    with database.read() as connection:
        assert columns_beside_a_link(connection) == BESIDE_A_LINK


@pytest.mark.parametrize(
    "planted",
    [
        "ALTER TABLE receipt ADD COLUMN sent_at TIMESTAMP",
        "ALTER TABLE sealed_answer ADD COLUMN language VARCHAR(8)",
        "CREATE TABLE visit (link_id VARCHAR(36), user_agent TEXT)",
        "CREATE TABLE visit (door VARCHAR(36) REFERENCES link (id), address TEXT)",
    ],
)
def test_a_further_column_about_respondents_would_be_found(database: Database, planted: str) -> None:
    with database.write() as connection:
        connection.execute(text(planted))

        assert columns_beside_a_link(connection) != BESIDE_A_LINK


def test_an_answer_leaves_one_receipt_and_one_box_and_no_other_trace(database: Database) -> None:
    given = make_open_round(database, PUPILS, STAFF)
    form = given.hand_out(given.codes_of("staff")[0])
    before = all_rows(database)

    given.send(form, form.only(7))

    after = all_rows(database)
    added = {table: after[table] - before[table] for table in after if after[table] != before[table]}
    assert {table: len(rows) for table, rows in added.items()} == {"receipt": 1, "sealed_answer": 1}
    assert all(before[table] <= after[table] for table in before)


def test_a_process_that_logs_everything_names_no_code(database: Database) -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tests/support/loud_process.py"), database.url.render_as_string()],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    codes = done.stdout.split()
    assert done.returncode == 0, done.stderr
    assert len(codes) == 4 + 24
    assert all(name in done.stderr for name in ("NoSeatsLeft", "Used", "Closed", "UnknownField", "UnknownValue"))
    assert not [code for code in codes if code in done.stderr or spaced(code) in done.stderr]


def test_services_and_worker_log_no_code_and_no_address(
    database: Database, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("DEBUG")
    story = Story(make_open_round(database, PUPILS, STAFF, HEADS), None)

    send_answers(story, sixty_codes(story.round))
    Worker(database, story.round.counting_key).turn(DURING)

    said = caplog.text + "".join(capfd.readouterr())
    assert not [sent for sent in story.sent if sent.form.code in said or sent.submission_id in said]
    assert "127.0.0.1" not in said


# The thief with the counting key


def test_with_the_key_every_waiting_box_is_found_and_opened(story: Story) -> None:
    """Proves that the search of the next test finds what there is."""
    waiting = {sent.row for sent in story.sent[:45]}

    found = opened_rows(story, "while all wait")

    assert waiting <= found


def test_after_the_scrub_no_box_is_found_in_any_file(story: Story) -> None:
    loot = story.loot["after compiling"]
    for sent in story.sent:
        assert not [name for start in (0, 32, len(sent.box) - 32) for name in loot.where(sent.box[start : start + 32])]
    assert opened_rows(story, "after compiling") == set()


@pytest.mark.parametrize("moment", ["after compiling", FORGETTING])
def test_after_the_scrub_no_running_tally_is_found_in_any_file(story: Story, moment: str) -> None:
    closed = [tally for tallies in story.tallies.values() for tally in tallies]

    assert any(story.loot["after closing"].where(tally[64:96]) for tally in closed)
    for tally in closed:
        for start in range(0, len(tally) - 32, 512):
            assert not story.loot[moment].where(tally[start : start + 32])
    with story.database.read() as connection:
        assert not [tally for tally in tallies_of(connection) if tally.closed_cells is not None]


def test_after_the_scrub_receipts_tell_no_order(story: Story) -> None:
    told = {name: rank_correlation(places) for name, places in story.places.items()}

    assert len(told) >= (1 if story.server is None else 5)
    assert {name: rho for name, rho in told.items() if abs(rho) >= CHANCE} == {}


def test_a_table_that_numbers_its_rows_would_tell_the_order(database: Database, server: PostgresServer | None) -> None:
    """Proves that the search of the test before finds an order that is there."""
    story = Story(make_open_round(database, PUPILS, STAFF, HEADS), server)
    number = "INTEGER PRIMARY KEY AUTOINCREMENT" if server is None else "SERIAL PRIMARY KEY"
    with database.write() as connection:
        connection.execute(text(f"CREATE TABLE note (number {number}, id VARCHAR(32))"))
    send_answers(story, sixty_codes(story.round))
    for sent in story.sent:
        with database.write() as connection:
            connection.execute(text("INSERT INTO note (id) VALUES (:id)"), {"id": sent.submission_id})
    scrub(database)

    places = places_of(story, "note", [sent.submission_id for sent in story.sent])

    assert any(abs(rank_correlation(found)) > 0.9 for found in places.values())


def test_forgotten_receipts_are_in_no_file(story: Story) -> None:
    before, after = story.loot["after compiling"], story.loot[FORGETTING]
    for sent in story.sent:
        assert before.where(sent.submission_id.encode())
        assert not after.where(sent.submission_id.encode())


def test_what_is_left_in_the_log_is_measured(story: Story, record: Record) -> None:
    for moment in ("after compiling", FORGETTING):
        log = b"".join(story.loot[moment].log.values())
        left = sum(sent.box in log for sent in story.sent)
        record(f"boxes left in the log {moment}, of sixty", left)
        assert left == 0 or story.server is not None


def test_what_the_thief_with_the_key_learns_while_answers_wait_is_measured(
    database: Database, server: PostgresServer | None, record: Record
) -> None:
    story = Story(make_open_round(database, PUPILS, STAFF, HEADS), server)
    worker = Worker(database, story.round.counting_key)
    codes = sixty_codes(story.round)
    for start in range(0, 60, 15):
        send_answers(story, codes[start : start + 15])
        story.turn(worker)
    lengths = frozenset(len(sent.box) for sent in story.sent)
    thief = KeyThief(story.round.keys.counting, lengths, frozenset(sent.submission_id for sent in story.sent))
    loot = steal(database, server)

    ties = thief.ties_by_log(loot) if server is None else thief.ties_by_xmin(loot)
    truth = {sent.submission_id: sent.row for sent in story.sent}
    right = [tie for tie in ties if tie.plaintext.endswith(truth[tie.submission_id])]

    record("answers tied to their submission, of sixty", len(right))
    record("answers that still wait, of sixty", len(story.boxes()))
    if server is None:
        record("rank correlation of receipts in the main file", main_file_order(story))
    counted = [sent for sent in story.sent if sent.box_id not in story.boxes()]
    still_there = [sent for sent in counted if loot.where(sent.box)]
    record("counted answers whose box is still in a file, of those counted", (len(still_there), len(counted)))
    assert len(right) == len(ties) <= 60
    assert not still_there or server is not None


# Groups that are too small


def test_tables_of_small_groups_are_nowhere_after_compiling(story: Story) -> None:
    loot = story.loot["after compiling"]
    hidden = {
        "a class of three": table_of(story.sent_to("pupils", OWN, "4B")),
        "one of the gender other": table_of(story.sent_to("pupils", OWN, "5A"), TableKey("gender", "other")),
        "a single head": table_of(story.sent_to("heads", OWN)),
        "another single head": table_of(story.sent_to("heads", OTHER)),
        "both heads": table_of(story.sent_to("heads", OWN) + story.sent_to("heads", OTHER)),
    }

    assert loot.where(table_of(story.sent_to("pupils", OWN, "5A")))  # large enough, and so found
    assert {name: found for name, table in hidden.items() if (found := loot.where(table))} == {}
    assert not [name for name, table in hidden.items() if any(table in log for log in loot.log.values())]


def test_no_released_row_has_figures_of_a_small_group(story: Story) -> None:
    with story.database.read() as connection:
        rows = connection.execute(select(released_table)).all()

    shown = [row for row in rows if row.cells is not None]
    assert shown
    assert not [row for row in shown if row.group == "4B"]
    assert not [row for row in shown if row.collection_id == "heads"]
    assert not [row for row in shown if row.breakdown_value == "other"]


def named_answers(story: Story, content: bytes) -> Iterator[str]:
    """Options that stand right behind their question; breakdowns do so in the keys of released tables."""
    for form in {sent.form.form.digest: sent.form.form.form for sent in story.sent}.values():
        for question in form.questions:
            start = -1
            while question.id not in form.breakdowns and (start := content.find(question.id.encode(), start + 1)) >= 0:
                behind = content[start + len(question.id) :][:16]
                yield from (option.id for option in question.options if option.id.encode() in behind)


def columns_beside_a_link(connection: Connection) -> dict[str, set[str]]:
    """Columns of every table that has a link's id or refers to one."""
    look = inspect(connection)
    tables = {name: {column["name"] for column in look.get_columns(name)} for name in look.get_table_names()}
    refers = {name for name in tables for key in look.get_foreign_keys(name) if key["referred_table"] == "link"}
    return {name: columns for name, columns in tables.items() if name in refers or "link_id" in columns}


def all_rows(database: Database) -> dict[str, set[str]]:
    """Every row of every table."""
    with database.read() as connection:
        names = inspect(connection).get_table_names()
        every = {name: connection.execute(select(text("*")).select_from(table_named(name))) for name in names}
        return {name: {repr(row) for row in rows} for name, rows in every.items()}


def opened_rows(story: Story, moment: str) -> set[bytes]:
    """Rows of answers in all boxes that open, at any place of any file."""
    forms = {len(sent.box): len(sent.row) for sent in story.sent}
    return {
        plaintext[-row:]
        for content in story.loot[moment].own_files()
        for box, row in forms.items()
        for plaintext in open_boxes(content, story.round.keys.counting, box)
    }


def main_file_order(story: Story) -> float:
    """How well the place within a page tells the order of sending: SQLite fills its pages from the end."""
    main = steal(story.database, None).files["main"]
    return rank_correlation([-(main.find(sent.submission_id.encode()) % 4096) for sent in story.sent])

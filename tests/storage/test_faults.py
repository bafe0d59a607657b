"""Processes are killed while they take answers, count and compile: nothing is lost and nothing counts twice.

Every answer of a link ticks one option of one question that no other answer of the link ticks. So the released tables
tell of each answer whether it was counted, and how often.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import select

from survey_service.domain.answers import OPTIONS_FROM
from survey_service.domain.tally import WHOLE, Table, TallyLayout
from survey_service.services.check_installation import unbalanced
from survey_service.services.close_round import close_round
from survey_service.services.work import Worker
from survey_service.storage.database import Database
from survey_service.storage.installation import SCRUB_ASKED, fact
from survey_service.storage.releases import released_table, releases_of, tables_of
from survey_service.storage.running_tallies import tallies_of
from survey_service.storage.sealed_answers import waiting_per_link
from tests.support.fault_processes import (
    Form,
    Running,
    finish_round,
    finish_when_told,
    finish_without_scrub,
    keep_counting,
    keep_scrubbing,
    moment,
    running,
    send_forms,
    stop_in_counting,
)
from tests.support.open_round import (
    CLOSED,
    DURING,
    OTHER,
    OWN,
    PUPILS,
    STAFF,
    Fields,
    HandedOut,
    OpenRound,
    make_open_round,
)

ROUND = "ht-2026"
Place = tuple[str, str, str]
"""Collection, unit and group of a link."""

CLASSES = [(OWN, "4A"), (OWN, "4B"), (OWN, "5A"), (OTHER, "4A")]
IN_A_CLASS = 48


@dataclass
class Ballot:
    """An open round with forms to send, and who was thanked for sending theirs."""

    round: OpenRound
    forms: list[Form] = field(default_factory=list)
    thanked: set[str] = field(default_factory=set)

    @property
    def database(self) -> Database:
        return self.round.database

    def send(self, forms: Iterable[Form]) -> None:
        """Send forms from this process."""
        for form, fields in forms:
            self.round.send(form, fields)
            self.thanked.add(form.token.submission_id)

    def thank(self, forms: Sequence[Form], numbers: Iterable[int]) -> None:
        """Note whom another process thanked."""
        self.thanked |= {forms[number][0].token.submission_id for number in numbers}

    def unthanked(self, forms: Iterable[Form]) -> list[Form]:
        """Those of the forms whose senders do not know whether they arrived."""
        return [form for form in forms if form[0].token.submission_id not in self.thanked]


@pytest.fixture
def ballot(database: Database) -> Ballot:
    """Four classes and the staff, with a form for everybody in random order."""
    made = Ballot(make_open_round(database, replace(PUPILS, seats=100), STAFF))
    piles = [made.round.codes_of("pupils", *place) * IN_A_CLASS for place in CLASSES]
    for codes in [*piles, made.round.codes_of("staff")]:
        for number, code in enumerate(codes):
            form = made.round.hand_out(code)
            made.forms.append((form, form.only(number)))
    random.shuffle(made.forms)
    return made


def test_a_worker_killed_at_any_moment_loses_no_answer_and_counts_none_twice(ballot: Ballot) -> None:
    key = ballot.round.keys.counting
    for start in range(0, len(ballot.forms), 20):
        ballot.send(ballot.forms[start : start + 20])
        with running(keep_counting, ballot.database, key) as worker:
            assert worker.runs_on(moment(0.08))
        assert_balanced(ballot)

    assert_every_thanked_answer_counts_once(ballot)


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_a_worker_killed_within_a_counting_leaves_all_as_it_was_before(ballot: Ballot, batches: int) -> None:
    ballot.send(ballot.forms)

    with running(stop_in_counting, ballot.database, ballot.round.keys.counting, batches) as worker:
        assert worker.hear() == "in the midst"
        worker.kill()

    assert_balanced(ballot)
    assert len(counted(ballot.database)) == batches
    assert waiting(ballot.database) + sum(counted(ballot.database)) == len(ballot.forms)
    assert_every_thanked_answer_counts_once(ballot)


def test_two_workers_at_once_count_every_answer_once(ballot: Ballot) -> None:
    key = ballot.round.keys.counting
    with running(keep_counting, ballot.database, key) as one, running(keep_counting, ballot.database, key) as other:
        for start in range(0, len(ballot.forms), 20):
            ballot.send(ballot.forms[start : start + 20])
            assert_balanced(ballot)
        assert one.runs_on(0)
        assert other.runs_on(0)
    assert sum(counted(ballot.database)) > 0

    assert_every_thanked_answer_counts_once(ballot)


def test_a_killed_web_process_loses_no_answer_that_was_thanked_for(ballot: Ballot) -> None:
    to_send = list(ballot.forms)
    with running(keep_counting, ballot.database, ballot.round.keys.counting) as worker:
        while len(to_send) > 40:
            halves = [to_send[::2], to_send[1::2]]
            with ExitStack() as stack:
                senders = [
                    stack.enter_context(running(send_forms, ballot.database, ballot.round.keys, half))
                    for half in halves
                ]
                kill_while_sending(ballot, senders, halves)
            assert_balanced(ballot)
            # Most of those who got no answer press the button again; the others give up.
            to_send = [form for form in ballot.unthanked(to_send) if random.random() < 0.9]
        ballot.send(to_send)
        assert worker.runs_on(0)

    assert 0 < len(ballot.thanked) <= len(ballot.forms)
    assert_every_thanked_answer_counts_once(ballot)


def test_a_form_sent_by_two_processes_at_once_counts_once(ballot: Ballot) -> None:
    with (
        running(send_forms, ballot.database, ballot.round.keys, ballot.forms) as one,
        running(send_forms, ballot.database, ballot.round.keys, ballot.forms) as other,
    ):
        assert one.end() == other.end() == 0
        ballot.thank(ballot.forms, [*one.told_so_far(), *other.told_so_far()])

    assert ballot.unthanked(ballot.forms) == []
    assert_every_thanked_answer_counts_once(ballot)


def test_a_worker_killed_while_compiling_compiles_in_the_end_and_once(ballot: Ballot) -> None:
    ballot.send(ballot.forms)
    close_round(ballot.database, ROUND, CLOSED)

    for _ in range(8):
        with running(finish_round, ballot.database, ballot.round.keys.counting) as worker:
            worker.runs_on(moment(0.15))
        assert_balanced(ballot)
    with running(finish_round, ballot.database, ballot.round.keys.counting) as worker:
        assert worker.end() == 0

    assert_released_once(ballot)


def test_a_worker_killed_before_it_could_scrub_scrubs_when_it_comes_back(ballot: Ballot) -> None:
    worker = Worker(ballot.database, ballot.round.counting_key)
    ballot.send(ballot.forms)
    worker.turn(DURING)
    close_round(ballot.database, ROUND, CLOSED)

    with running(finish_without_scrub, ballot.database, ballot.round.keys.counting) as killed:
        assert killed.hear() == "about to scrub"
        killed.kill()
    with ballot.database.read() as connection:
        assert fact(connection, SCRUB_ASKED)
    worker.turn(CLOSED)

    with ballot.database.read() as connection:
        assert not fact(connection, SCRUB_ASKED)
    assert_released_once(ballot)


def test_two_workers_that_compile_at_once_make_one_release(ballot: Ballot) -> None:
    ballot.send(ballot.forms)
    close_round(ballot.database, ROUND, CLOSED)
    workers = [Running(finish_when_told, ballot.database, ballot.round.keys.counting) for _ in range(2)]
    for worker in workers:
        worker.hear()
    for worker in workers:
        worker.line.send("go")

    assert [worker.end() for worker in workers] == [0, 0]
    assert_released_once(ballot)


def test_answers_that_arrive_during_two_scrubs_at_once_are_kept_with_their_receipts(ballot: Ballot) -> None:
    with running(keep_scrubbing, ballot.database) as one, running(keep_scrubbing, ballot.database) as other:
        for start in range(0, 60, 15):
            ballot.send(ballot.forms[start : start + 15])
            assert_balanced(ballot)
        assert one.runs_on(0)
        assert other.runs_on(0)
    ballot.send(ballot.forms[60:])

    assert_every_thanked_answer_counts_once(ballot)


def kill_while_sending(ballot: Ballot, senders: list[Running], halves: list[list[Form]]) -> None:
    """Kill web processes after a random number of thanks and a moment, one after the other."""
    for sender, forms in zip(senders, halves, strict=True):
        heard = [sender.hear() for _ in range(random.randint(1, len(forms) // 3))]
        sender.runs_on(moment(0.01))
        sender.kill()
        ballot.thank(forms, [*heard, *sender.told_so_far()])


def assert_balanced(ballot: Ballot) -> None:
    """The equation holds for every link and version, in one moment, whatever else goes on."""
    with ballot.database.read() as connection:
        assert unbalanced(connection) == []


def assert_every_thanked_answer_counts_once(ballot: Ballot) -> None:
    """Close and compile; then whoever was thanked is there once, and whoever was not, once or not at all."""
    close_round(ballot.database, ROUND, CLOSED)
    Worker(ballot.database, ballot.round.counting_key).finish(ROUND, CLOSED)
    assert_balanced(ballot)
    assert_released_once(ballot)


def assert_released_once(ballot: Ballot) -> None:
    """Each collection is in one release, with every answer that was thanked for once."""
    with ballot.database.read() as connection:
        releases = releases_of(connection, ROUND)
        assert [release.number for release in releases] == [1, 2]
        in_release = connection.execute(select(released_table.c.collection_id, released_table.c.release).distinct())
        assert len(in_release.all()) == 2
    tables = group_tables(ballot)
    for form, fields in ballot.forms:
        times = times_counted(tables, form, fields)
        assert times == 1 if form.token.submission_id in ballot.thanked else times in (0, 1)


def group_tables(ballot: Ballot) -> dict[Place, Table]:
    """The lowest released table of every link, by collection, unit and group."""
    with ballot.database.read() as connection:
        return {
            (name, item.node.unit_code, item.node.group): item.table
            for name in ("pupils", "staff")
            for item, _ in tables_of(connection, ROUND, 2, name)
            if item.key == WHOLE and item.table is not None
        }


def times_counted(tables: Mapping[Place, Table], form: HandedOut, fields: Fields) -> int:
    """How often the one option that only this answer ticks was counted."""
    link, questions = form.entrance.link, form.form.form.questions
    ((question_id, (option_id,)),) = fields.items()
    place = next(place for place, question in enumerate(questions) if question.id == question_id)
    options = [option.id for option in questions[place].options]
    offset = TallyLayout(form.form.form).offsets[place] + OPTIONS_FROM + options.index(option_id)
    return tables[link.collection_id, link.unit_code, link.group][offset]


def waiting(database: Database) -> int:
    """How many sealed answers wait."""
    with database.read() as connection:
        return sum(waiting_per_link(connection).values())


def counted(database: Database) -> list[int]:
    """How many answers each link version has counted, where it has counted any."""
    with database.read() as connection:
        return [tally.counted for tally in tallies_of(connection)]

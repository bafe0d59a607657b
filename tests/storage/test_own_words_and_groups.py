"""A guardian's own group decides where an answer is tallied; what they write is read beside nothing else."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from survey_service.domain.access import Access
from survey_service.domain.disclosure import Status
from survey_service.domain.form import Kind, Question, Section
from survey_service.domain.tally import WHOLE
from survey_service.storage.comments import comment, comments_waiting
from survey_service.storage.database import Database
from survey_service.storage.running_tallies import own_group_tally
from survey_service.storage.sealed_answers import sealed_answer, sealed_text
from tests.support.installation import PUPILS, ROUND, Installation, municipality
from tests.support.small_form import SMALL_FORM

CLASS = Question("class", "Vilken klass?", kind=Kind.OWN_GROUP)
THOUGHTS = Question("thoughts", "Något mer?", kind=Kind.TEXT, longest=200)
FORM = replace(
    SMALL_FORM,
    id="guardians",
    audience="guardian",
    sections=(*SMALL_FORM.sections, Section("more", "Mer", (CLASS, THOUGHTS))),
)
GUARDIANS = replace(PUPILS, id="guardians", audience="guardian", form=FORM.id, access=Access.UNIT)


@pytest.fixture
def installation(database: Database) -> Installation:
    made = Installation(database, forms={FORM.id: FORM})
    made.organise(municipality({"A": {"4A": 20, "4B": 20}, "B": {"4A": 20}}))
    made.apply(GUARDIANS)
    made.confirm()
    made.open()
    return made


def send(installation: Installation, unit_code: str, times: int, **answers: str) -> None:
    installation.answer(installation.codes("guardians", unit_code=unit_code)[0], times, safe="fully", **answers)


def finish(installation: Installation) -> dict[str, tuple[Status, int | None]]:
    installation.close()
    installation.turn()
    return {
        " ".join(filter(None, (item.node.level, item.node.unit_code, item.node.group))): (
            item.status,
            item.table[0] if item.table else None,
        )
        for item, _ in installation.released("guardians")
        if item.key == WHOLE
    }


def test_answers_are_tallied_at_the_group_that_was_chosen_and_summed_in_its_unit(installation: Installation) -> None:
    send(installation, "A", 8, **{"class": "4A"})
    send(installation, "A", 7, **{"class": "4B"})
    send(installation, "B", 6, **{"class": "4A"})

    assert finish(installation) == {
        "municipality": (Status.OK, 21),
        "operator": (Status.OK, 21),
        "unit A": (Status.OK, 15),
        "unit B": (Status.OK, 6),
        "group A 4A": (Status.OK, 8),
        "group A 4B": (Status.OK, 7),
        "group B 4A": (Status.OK, 6),
    }


def test_those_who_decline_are_in_their_unit_only_and_cannot_be_found_by_subtraction(
    installation: Installation,
) -> None:
    send(installation, "A", 9, **{"class": "4A"})
    send(installation, "A", 8, **{"class": "4B"})
    send(installation, "A", 2)

    tables = finish(installation)

    assert tables["unit A"] == (Status.OK, 19)
    assert tables["group A 4A"] == (Status.OK, 9)
    assert tables["group A 4B"] == (Status.SUPPRESSED, None)


def test_counting_in_batches_adds_to_the_same_groups(installation: Installation) -> None:
    for _ in range(3):
        send(installation, "A", 12, **{"class": "4A"})
        installation.turn()
    installation.assert_balanced()

    assert finish(installation)["group A 4A"] == (Status.OK, 36)


def test_head_counts_of_own_groups_are_not_counted_twice(installation: Installation) -> None:
    send(installation, "A", 8, **{"class": "4A"})
    finish(installation)

    expected = {
        (item.node.level, item.node.unit_code, item.node.group): counted.expected
        for item, counted in installation.released("guardians")
        if counted
    }
    assert expected["group", "A", "4A"] == 20
    assert expected["unit", "A", ""] == 40
    assert expected["municipality", "", ""] == 60


def test_after_compiling_no_tally_of_an_own_group_is_left(installation: Installation) -> None:
    send(installation, "A", 12, **{"class": "4A"})
    installation.turn()
    assert installation.rows(own_group_tally) == 1
    finish(installation)
    assert installation.rows(own_group_tally) == 0


def test_every_answer_has_a_second_box_of_the_same_length_whether_anything_was_written(
    installation: Installation,
) -> None:
    send(installation, "A", 1)
    send(installation, "A", 1, thoughts="Ö" * 200)

    with installation.database.read() as connection:
        answers = {len(row.box) for row in connection.execute(select(sealed_answer))}
        texts = [len(row.box) for row in connection.execute(select(sealed_text))]
    assert len(answers) == 1
    assert len(texts) == 2
    assert len(set(texts)) == 1


def test_texts_wait_sealed_until_the_end_and_are_then_queued_by_unit_and_nothing_else(
    installation: Installation,
) -> None:
    send(installation, "A", 5, **{"class": "4A"})
    send(installation, "A", 1, thoughts="Mer luft i klassrummet", **{"class": "4B"})
    installation.turn()
    assert installation.rows(comment) == 0

    finish(installation)

    with installation.database.read() as connection:
        (row,) = connection.execute(select(comment)).all()
        assert comments_waiting(connection, ROUND) == {"A": 1}
    assert (row.unit_code, row.question, row.text, row.state) == (
        "A",
        "thoughts",
        "Mer luft i klassrummet",
        "waiting",
    )
    assert installation.rows(sealed_text) == 0


def test_texts_of_a_unit_with_too_few_answers_are_destroyed_unread(installation: Installation) -> None:
    send(installation, "A", 9)
    send(installation, "B", 3, thoughts="Hemligt")

    finish(installation)

    assert installation.rows(comment) == 0
    assert installation.rows(sealed_text) == 0

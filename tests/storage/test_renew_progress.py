"""The number of answers that is shown changes seldom and coarsely, so that no single answer shows."""

from datetime import date, datetime, timedelta

import pytest

from survey_service.services.renew_progress import renew_progress
from survey_service.services.replace_link import replace_link
from survey_service.storage.database import Database
from survey_service.storage.progress import all_shown, answers_per_day
from survey_service.storage.running_tallies import put_tally
from tests.support.installation import Installation, an_installation


@pytest.fixture
def installation(database: Database) -> Installation:
    return an_installation(database, {"A": {"4A": 40}})


def arrive(installation: Installation, number: int) -> None:
    installation.put_many(installation.link(group="4A"), number)


def renew(installation: Installation, **later: float) -> int | None:
    """What is shown after a while."""
    renew_progress(installation.database, installation.clock.forward(**later))
    return shown(installation)


def shown(installation: Installation) -> int | None:
    with installation.database.read() as connection:
        figure = all_shown(connection).get(installation.link(group="4A").id)
    return figure.number if figure else None


def days(installation: Installation) -> dict[date, int]:
    with installation.database.read() as connection:
        return {row.day: row.received for row in connection.execute(answers_per_day.select())}


def test_a_link_without_answers_has_no_figure(installation: Installation) -> None:
    assert renew(installation) is None


@pytest.mark.parametrize(("first", "figure"), [(1, 0), (2, 0), (3, 3), (7, 7)])
def test_first_answers_show_from_three_on(installation: Installation, first: int, figure: int) -> None:
    arrive(installation, first)
    assert renew(installation) == figure


def test_one_or_two_more_wait_for_ten_minutes(installation: Installation) -> None:
    arrive(installation, 5)
    renew(installation)
    arrive(installation, 2)
    assert renew(installation, minutes=1) == 5
    assert renew(installation, minutes=8) == 5
    assert renew(installation, minutes=1) == 7


def test_three_more_show_after_a_minute(installation: Installation) -> None:
    arrive(installation, 5)
    renew(installation)
    arrive(installation, 3)
    assert renew(installation, seconds=20) == 5
    assert renew(installation, minutes=1) == 8


def test_a_class_that_answers_at_once_is_shown_once_a_minute(installation: Installation) -> None:
    figures = []
    for _ in range(18):
        arrive(installation, 2)
        figures.append(renew(installation, seconds=10))
    # Times are kept to the minute, so the figure changes where a minute begins.
    changes = [after for before, after in zip([None, *figures], figures, strict=False) if before != after]
    assert len(changes) <= 5
    assert figures == sorted(figure or 0 for figure in figures)


def test_a_single_early_answer_shows_after_ten_minutes(installation: Installation) -> None:
    arrive(installation, 1)
    assert renew(installation) == 0
    assert renew(installation, minutes=9) == 0
    assert renew(installation, minutes=1) == 1


def test_nothing_is_written_when_nothing_came(installation: Installation) -> None:
    arrive(installation, 5)
    renew(installation)
    assert renew_progress(installation.database, installation.clock.forward(days=1)) == 0


def test_the_final_figure_is_exact_at_once(installation: Installation) -> None:
    arrive(installation, 5)
    renew(installation)
    arrive(installation, 1)
    assert renew(installation, seconds=1) == 5
    installation.close()
    installation.turn()
    assert shown(installation) == 6


def test_a_class_where_one_answered_is_exact_when_it_has_closed(installation: Installation) -> None:
    arrive(installation, 1)
    installation.close()
    installation.turn()
    assert shown(installation) == 1


def test_counted_answers_are_still_shown(installation: Installation) -> None:
    arrive(installation, 12)
    installation.turn()
    assert shown(installation) == 12


def test_forgotten_receipts_are_still_shown(installation: Installation) -> None:
    arrive(installation, 12)
    installation.close()
    installation.turn()
    installation.clock.forward(hours=2)
    installation.turn()
    assert installation.receipts() == 0
    assert shown(installation) == 12


def test_answers_to_all_versions_of_a_link_are_shown_together(installation: Installation) -> None:
    arrive(installation, 4)
    replace_link(installation.database, installation.keys, installation.link(group="4A").id)
    arrive(installation, 5)
    assert renew(installation) == 9


def test_voided_answers_are_not_shown(installation: Installation) -> None:
    arrive(installation, 12)
    installation.turn()
    tally = installation.tally(installation.link(group="4A"))
    with installation.database.write() as connection:
        put_tally(connection, type(tally)(**vars(tally) | {"voided": 4}))
    assert renew(installation, minutes=10) == 8


def test_answers_are_noted_by_local_day_and_sum_to_the_figure(installation: Installation) -> None:
    installation.clock.now = datetime.fromisoformat("2026-10-01T21:30:00+00:00")
    arrive(installation, 4)
    renew(installation)
    installation.clock.forward(hours=1)
    arrive(installation, 6)
    renew(installation)
    arrive(installation, 3)
    renew(installation, minutes=5)
    assert days(installation) == {date(2026, 10, 1): 4, date(2026, 10, 2): 9}
    assert sum(days(installation).values()) == shown(installation)


def test_the_time_of_a_figure_is_kept_to_the_minute(installation: Installation) -> None:
    installation.clock.forward(seconds=37, microseconds=5)
    arrive(installation, 4)
    renew(installation)
    with installation.database.read() as connection:
        (figure,) = all_shown(connection).values()
    assert (figure.at.second, figure.at.microsecond) == (0, 0)
    assert installation.clock.now - figure.at < timedelta(minutes=1)

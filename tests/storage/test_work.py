"""The worker: what fails in one place keeps nothing else from being done, and is told."""

import pytest

from survey_service.domain.survey_round import State
from survey_service.services.find import existing_round
from survey_service.storage.database import Database
from survey_service.storage.running_tallies import RunningTally, put_tally
from tests.support.installation import PUPILS, ROUND, STAFF, Installation, an_installation


@pytest.fixture
def installation(database: Database) -> Installation:
    return an_installation(database, {"A": {"4A": 20, "4B": 20}}, PUPILS, STAFF)


def damage(installation: Installation, group: str) -> None:
    """Make a link's tally one that does not open."""
    with installation.database.write() as connection:
        put_tally(connection, RunningTally(installation.link(group=group).id, 1, closed_cells=b"damaged" * 9))


def states(installation: Installation) -> dict[str, State]:
    with installation.database.read() as connection:
        collections = existing_round(connection, ROUND).collections
    return {item.id: item.state(installation.clock.now) for item in collections}


def test_a_damaged_tally_stops_its_own_collection_and_no_other(installation: Installation) -> None:
    damage(installation, "4A")
    installation.put_many(installation.link(group="4A"), 12)
    installation.put_many(installation.link(group="4B"), 12)
    installation.close()

    turn = installation.turn()

    assert turn.compiled == ("staff",)
    assert states(installation) == {"pupils": State.CLOSED, "staff": State.COMPILED}
    assert any("collection pupils" in line and "Unopenable" in line for line in turn.failed)


def test_a_link_whose_tally_is_damaged_keeps_no_other_link_from_being_counted(installation: Installation) -> None:
    damage(installation, "4A")
    installation.put_many(installation.link(group="4A"), 12)
    installation.put_many(installation.link(group="4B"), 12)

    turn = installation.turn()

    assert installation.tally(installation.link(group="4B")).counted >= 5
    assert len(turn.failed) == 1


def test_a_sound_turn_tells_of_no_failure(installation: Installation) -> None:
    assert installation.turn().failed == ()

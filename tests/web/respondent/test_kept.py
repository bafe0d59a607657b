"""What a process remembers is bounded in number and in age."""

import pytest

from survey_service.web.respondent.kept import Kept


class Timer:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


class Maker:
    """Makes a new value every time and counts them."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> int:
        self.made += 1
        return self.made


def test_a_value_is_made_once_and_again_when_it_is_too_old() -> None:
    timer, make = Timer(), Maker()
    kept: Kept[str, int] = Kept(10, 1.0, timer)
    assert [kept.get("link", make), kept.get("link", make)] == [1, 1]
    timer.seconds = 0.999
    assert kept.get("link", make) == 1
    timer.seconds = 1.0
    assert kept.get("link", make) == 2


def test_being_asked_for_makes_no_value_younger() -> None:
    timer, make = Timer(), Maker()
    kept: Kept[str, int] = Kept(10, 1.0, timer)
    for tenth in range(11):
        timer.seconds = tenth / 10
        kept.get("link", make)
    assert make.made == 2


def test_the_least_used_value_makes_room() -> None:
    make = Maker()
    kept: Kept[str, int] = Kept(2)
    for key in ("a", "b", "a", "c", "a", "b"):
        kept.get(key, make)
    assert make.made == 4


def test_what_could_not_be_made_is_not_remembered() -> None:
    kept: Kept[str, int] = Kept(2)

    def fail() -> int:
        raise LookupError

    with pytest.raises(LookupError):
        kept.get("a", fail)
    assert kept.get("a", lambda: 7) == 7

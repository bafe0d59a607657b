"""The table of who may do what."""

import pytest

from survey_service.domain.permission import ALLOWED, SCOPE_OF_ROLE, Action, Role, may


def test_every_role_stands_in_both_tables() -> None:
    assert set(ALLOWED) == set(SCOPE_OF_ROLE) == set(Role)


def test_every_action_is_allowed_to_somebody() -> None:
    assert set().union(*ALLOWED.values()) == set(Action)


@pytest.mark.parametrize("action", Action)
def test_the_municipal_office_may_do_everything_there_is(action: Action) -> None:
    assert may("admin", action)


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.SCHOOL, Role.READER])
@pytest.mark.parametrize("action", [Action.CLOSE_ROUNDS, Action.SEE_LINKS, Action.CHANGE_SETTINGS])
def test_only_the_municipal_office_closes_rounds_sees_links_and_changes_settings(role: Role, action: Action) -> None:
    assert not may(role, action)


def test_a_role_that_does_not_exist_may_nothing_and_is_reported() -> None:
    with pytest.raises(ValueError, match="janitor"):
        may("janitor", Action.WATCH_ROUNDS)

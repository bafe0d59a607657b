"""Accounts and their one-time sign-in links, on both databases."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from survey_service.services.manage_accounts import (
    Change,
    InvalidEmail,
    ScopeMissing,
    ScopeNotForRole,
    UnknownOperator,
    UnknownRole,
    UnknownUnit,
    add_account,
)
from survey_service.services.sign_in import (
    ExpiredLink,
    UnknownAccount,
    UnknownLink,
    look_at_link,
    make_sign_in_link,
    sign_out,
    signed_in,
    use_link,
)
from survey_service.storage.accounts import account, sign_in_link
from survey_service.storage.database import Database
from tests.support.small_municipality import DURING, add_municipality, migrated

OFFICE = "https://survey.example"
EMAIL = "anna@example.se"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    with migrated(database_url) as database:
        add_municipality(database)
        yield database


def stored(database: Database) -> list[tuple[object, ...]]:
    with database.read() as connection:
        return [tuple(row) for row in connection.execute(account.select())]


def token_for(database: Database, email: str = EMAIL) -> str:
    return make_sign_in_link(database, OFFICE, email, DURING).rpartition("/")[2]


def test_an_account_is_added_changed_and_left_alone(database: Database) -> None:
    assert add_account(database, " Anna@Example.SE ", "admin")[1] is Change.ADDED
    assert add_account(database, EMAIL, "admin")[1] is Change.UNCHANGED
    assert add_account(database, EMAIL, "school", units=["10000002", "10000001"])[1] is Change.CHANGED
    assert add_account(database, EMAIL, "school", units=["10000001", "10000002", "10000001"])[1] is Change.UNCHANGED
    assert stored(database) == [(EMAIL, "school", ["10000001", "10000002"], 0)]


def test_an_operators_account_holds_the_operators_number(database: Database) -> None:
    added, _ = add_account(database, EMAIL, "operator", operator="5560009901")
    assert added.scope == ["5560009901"]


@pytest.mark.parametrize(
    ("email", "role", "scope", "broken"),
    [
        ("anna", "admin", ((), None), InvalidEmail),
        ("anna@", "admin", ((), None), InvalidEmail),
        ("anna@example", "admin", ((), None), InvalidEmail),
        ("anna berg@example.se", "admin", ((), None), InvalidEmail),
        ("anna@example.se, eva@example.se", "admin", ((), None), InvalidEmail),
        ("a" * 250 + "@example.se", "admin", ((), None), InvalidEmail),
        (EMAIL, "janitor", ((), None), UnknownRole),
        (EMAIL, "admin", (("10000001",), None), ScopeNotForRole),
        (EMAIL, "admin", ((), "5560009901"), ScopeNotForRole),
        (EMAIL, "school", ((), None), ScopeMissing),
        (EMAIL, "reader", ((), None), ScopeMissing),
        (EMAIL, "reader", (("10000001",), "5560009901"), ScopeNotForRole),
        (EMAIL, "operator", ((), None), ScopeMissing),
        (EMAIL, "operator", (("10000001",), "5560009901"), ScopeNotForRole),
        (EMAIL, "school", (("10000001", "99999999"), None), UnknownUnit),
        (EMAIL, "operator", ((), "0000000000"), UnknownOperator),
    ],
)
def test_an_account_that_breaks_a_rule_is_refused_by_that_rules_name(
    database: Database, email: str, role: str, scope: tuple[Sequence[str], str | None], broken: type[Exception]
) -> None:
    with pytest.raises(broken):
        add_account(database, email, role, *scope)
    assert stored(database) == []


def test_before_any_organisation_only_the_municipal_office_can_have_accounts(database_url: str) -> None:
    with migrated(database_url) as database:
        add_account(database, EMAIL, "admin")
        with pytest.raises(UnknownUnit):
            add_account(database, "eva@example.se", "school", units=["10000001"])
        with pytest.raises(UnknownOperator):
            add_account(database, "eva@example.se", "operator", operator="5560009901")


def test_a_sign_in_link_works_once(database: Database) -> None:
    add_account(database, EMAIL, "admin")
    token = token_for(database, "Anna@Example.se")
    assert use_link(database, token, DURING).email == EMAIL
    with pytest.raises(UnknownLink):
        use_link(database, token, DURING)


def test_looking_at_a_sign_in_link_does_not_use_it_up(database: Database) -> None:
    add_account(database, EMAIL, "admin")
    token = token_for(database)
    assert [look_at_link(database, token, DURING) for _ in range(3)] == [EMAIL] * 3
    assert use_link(database, token, DURING).email == EMAIL


def test_a_sign_in_link_lives_fifteen_minutes(database: Database) -> None:
    add_account(database, EMAIL, "admin")
    token = token_for(database)
    assert look_at_link(database, token, DURING + timedelta(minutes=14, seconds=59)) == EMAIL
    for look in (look_at_link, use_link):
        with pytest.raises(ExpiredLink):
            look(database, token, DURING + timedelta(minutes=15))


def test_a_link_that_was_never_made_signs_nobody_in(database: Database) -> None:
    add_account(database, EMAIL, "admin")
    token = token_for(database)
    for forged in ("", "x", token[:-1], token.swapcase(), "å" * 43, "\udcff"):
        with pytest.raises(UnknownLink):
            use_link(database, forged, DURING)


def test_a_stolen_database_holds_no_token(database: Database) -> None:
    add_account(database, EMAIL, "admin")
    token = token_for(database)
    with database.read() as connection:
        (row,) = connection.execute(sign_in_link.select())
    assert len(row.token_hash) == 32
    assert token.encode() not in row.token_hash


def test_nobody_without_an_account_gets_a_sign_in_link(database: Database) -> None:
    with pytest.raises(UnknownAccount, match=EMAIL):
        make_sign_in_link(database, OFFICE, EMAIL, DURING)


def test_a_link_sent_twice_at_the_same_moment_signs_in_once(database: Database) -> None:
    add_account(database, EMAIL, "admin")
    token = token_for(database)

    def attempt(_: int) -> bool:
        try:
            use_link(database, token, DURING)
        except UnknownLink:
            return False
        return True

    with ThreadPoolExecutor(8) as together:
        assert sum(together.map(attempt, range(8))) == 1


def test_links_that_expired_long_ago_are_forgotten_when_a_new_one_is_made(database: Database) -> None:
    add_account(database, EMAIL, "admin")
    token_for(database)
    make_sign_in_link(database, OFFICE, EMAIL, DURING + timedelta(days=2))
    with database.read() as connection:
        assert len(connection.execute(sign_in_link.select()).all()) == 1


def test_signing_out_ends_every_session_and_the_next_one_counts_anew(database: Database) -> None:
    first, _ = add_account(database, EMAIL, "admin")
    assert signed_in(database, EMAIL, first.session_epoch) == first
    sign_out(database, EMAIL)
    assert signed_in(database, EMAIL, first.session_epoch) is None
    again = use_link(database, token_for(database), DURING)
    assert signed_in(database, EMAIL, again.session_epoch) == again


def test_changing_an_account_does_not_bring_ended_sessions_back(database: Database) -> None:
    first, _ = add_account(database, EMAIL, "admin")
    sign_out(database, EMAIL)
    add_account(database, EMAIL, "school", units=["10000001"])
    assert signed_in(database, EMAIL, first.session_epoch) is None


def test_a_session_of_nobody_is_nobodys(database: Database) -> None:
    assert signed_in(database, EMAIL, 0) is None

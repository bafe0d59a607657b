"""Accounts of the office: who may sign in, and a one-time link to do it with."""

import click

from survey_service.cli.command import PlainGroup, installation, now
from survey_service.domain.permission import Role
from survey_service.services.manage_accounts import add_account
from survey_service.services.sign_in import make_sign_in_link


@click.group(cls=PlainGroup)
def account() -> None:
    """Who may sign in to the office."""


@account.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in Role]), required=True)
@click.option("--unit", "units", metavar="CODE", multiple=True, help="A unit, for a school or reader; may be repeated.")
@click.option("--operator", metavar="NR", help="The operator, for an operator.")
def add(email: str, role: str, units: tuple[str, ...], operator: str | None) -> None:
    """Let EMAIL sign in, or change its role."""
    with installation() as (_, database):
        added, change = add_account(database, email, role, units, operator)
    click.echo(f"{change}: {added.email}, {added.role}" + (f" of {', '.join(added.scope)}" if added.scope else ""))


@account.command()
@click.argument("email")
def link(email: str) -> None:
    """Print a one-time sign-in link for EMAIL, valid for 15 minutes."""
    with installation() as (settings, database):
        click.echo(make_sign_in_link(database, settings.office_url, email, now()))

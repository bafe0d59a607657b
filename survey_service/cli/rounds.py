"""Rounds: take them from a file, see how they go, open and close them."""

from pathlib import Path

import click

from survey_service.cli.command import PlainGroup, installation, now
from survey_service.domain.access import key_fingerprint
from survey_service.domain.counting_key import CountingKey
from survey_service.questionnaires.form_file import load_forms
from survey_service.questionnaires.round_file import read_round
from survey_service.services.apply_round import apply_round
from survey_service.services.close_round import close_round
from survey_service.services.issue_links import LinkKeys
from survey_service.services.open_round import open_round
from survey_service.services.round_status import Turnout, list_rounds_status, round_status
from survey_service.services.work import Worker


@click.group("round", cls=PlainGroup)
def survey_round() -> None:
    """Rounds of the survey."""


one_collection = click.option("--collection", metavar="ID", help="Only this collection.")


@survey_round.command()
@click.argument("file", type=click.Path(path_type=Path))
def apply(file: Path) -> None:
    """Take the round that FILE (YAML) describes; the same file again changes nothing."""
    with installation("link", "lookup") as (settings, database):
        forms = load_forms(*settings.forms_folders)
        planned = read_round(file, forms, key_fingerprint(settings.keys["link"][0]))
        keys = LinkKeys(settings.keys["link"], settings.keys["lookup"])
        number = apply_round(database, keys, planned, forms, now())
    click.echo(f"round {planned.id}: {len(planned.collections)} collections, {number} links")


@survey_round.command("list")
def list_() -> None:
    """List every round with its state."""
    with installation() as (_, database):
        for item in list_rounds_status(database, now()):
            click.echo(f"{item.id}\t{item.school_year}\t{item.state}\t{_turnout(item.turnout)}")


@survey_round.command()
@click.argument("round_id", metavar="ROUND")
def status(round_id: str) -> None:
    """Show how many have answered in ROUND, for every collection and unit."""
    with installation() as (_, database):
        found = round_status(database, round_id, now())
    click.echo(f"{found.id}: {_turnout(found.turnout)}")
    for collection in found.collections:
        window = f"{collection.opens} to {collection.closes}"
        click.echo(f"\n{collection.id} ({collection.state}, {window}): {_turnout(collection.turnout)}")
        for unit in collection.units:
            click.echo(f"  {unit.code:>10}  {_turnout(unit.turnout):>18}  {unit.name}")


@survey_round.command("open")
@click.argument("round_id", metavar="ROUND")
@one_collection
def open_(round_id: str, collection: str | None) -> None:
    """Open ROUND now, whatever its first day, and freeze its forms."""
    with installation() as (_, database):
        opened = open_round(database, round_id, now(), collection)
    click.echo(f"opened: {', '.join(opened) or 'nothing, all of it had opened before'}")


@survey_round.command()
@click.argument("round_id", metavar="ROUND")
@one_collection
def close(round_id: str, collection: str | None) -> None:
    """Close ROUND now without grace, count what waits, and compile."""
    with installation("counting") as (settings, database):
        moment = now()
        closed = close_round(database, round_id, moment, collection)
        turn = Worker(database, CountingKey(settings.keys["counting"])).finish(round_id, moment, collection)
    click.echo(f"closed: {', '.join(closed)}; counted {turn.counted} that waited; compiled: {', '.join(turn.compiled)}")


def _turnout(turnout: Turnout) -> str:
    rate = "" if turnout.rate is None else f" ({turnout.rate:.0%})"
    return f"{turnout.answered} of {turnout.expected}{rate}"

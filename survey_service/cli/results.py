"""Results: export what was released."""

import click

from survey_service.cli.command import PlainGroup, installation
from survey_service.services.export_results import export_tallies


@click.group(cls=PlainGroup)
def results() -> None:
    """Released results."""


@results.command()
@click.argument("round_id", metavar="ROUND")
@click.option("--format", "format_", type=click.Choice(["csv"]), default="csv", show_default=True)
@click.option("--table", type=click.Choice(["tallies"]), default="tallies", show_default=True)
@click.option("--outlet", type=click.Choice(["administrator"]), default="administrator", show_default=True)
@click.option("--release", type=click.IntRange(min=1), help="A release's number; the latest unless given.")
@click.option("--output", metavar="FILE|-", default="-", show_default=True, help="Where to; - is standard output.")
def export(round_id: str, release: int | None, output: str, **_choices: str) -> None:  # one choice each yet
    """Write a release of ROUND. A figure that is not `ok` is empty, never 0."""
    with installation() as (_, database):
        number = export_tallies(database, round_id, output, release)
    click.echo(f"{number} rows", err=True)

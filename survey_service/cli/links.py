"""Links and codes: export them for printing and mail-merge."""

import click

from survey_service.cli.command import PlainGroup, installation
from survey_service.services.export_links import export_links
from survey_service.services.issue_links import LinkKeys


@click.group(cls=PlainGroup)
def links() -> None:
    """Links, QR codes and cards."""


@links.command()
@click.argument("round_id", metavar="ROUND")
@click.option("--format", "format_", type=click.Choice(["csv"]), default="csv", show_default=True)
@click.option("--unit", metavar="CODE", help="Only this unit's links.")
@click.option("--output", metavar="FILE|-", default="-", show_default=True, help="Where to; - is standard output.")
def export(round_id: str, unit: str | None, output: str, **_choices: str) -> None:  # one format yet
    """Write every code of ROUND, sorted by code within a link; never whether one was used."""
    with installation("link", "lookup") as (settings, database):
        keys = LinkKeys(settings.keys["link"], settings.keys["lookup"])
        number = export_links(database, keys, round_id, output, public_url=settings.public_url, unit_code=unit)
    click.echo(f"{number} codes", err=True)

"""The municipality's organisation: import it from a file and export it again."""

from pathlib import Path

import click

from survey_service.cli.command import PlainGroup, installation
from survey_service.services.export_organisation import export_organisation
from survey_service.services.import_organisation import import_organisation
from survey_service.services.issue_links import LinkKeys


@click.group(cls=PlainGroup)
def organisation() -> None:
    """Operators, units, groups and head-counts."""


@organisation.command("import")
@click.argument("file", type=click.Path(path_type=Path))
def import_(file: Path) -> None:
    """Import FILE (.csv or .xlsx): all of it, or nothing if anything in it is wrong."""
    with installation("link", "lookup") as (settings, database):
        keys = LinkKeys(settings.keys["link"], settings.keys["lookup"])
        report = import_organisation(database, file, keys)
    for line in report.lines():
        click.echo(line)


@organisation.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
def export(file: Path) -> None:
    """Write the organisation to FILE (.csv or .xlsx), or as CSV to - (standard output)."""
    with installation() as (_, database):
        export_organisation(database, file)

"""Make an installation and find out what is wrong with it."""

import click

from survey_service.cli.command import Failed, now, open_database
from survey_service.services.check_installation import check_installation
from survey_service.services.confirm_recovery import confirm_recovery, is_confirmed
from survey_service.services.scrub import scrub
from survey_service.services.set_up import prepare_database, recovery_sheet, set_up
from survey_service.settings import KEYS, Settings, SettingsError, read_settings
from survey_service.storage.database import Database


@click.command()
@click.option("--confirm", metavar="CHECK-WORD", help="Show that the recovery sheet was stored: its check word.")
def init(confirm: str | None) -> None:
    """Make keys, settings file and database, keeping what is there, and print the counting key's recovery sheet."""
    settings = read_settings()
    for name in set_up(settings.home, settings.public_url, settings.office_url):
        click.echo(f"made the {name} key, which {KEYS[name]}", err=True)
    settings = read_settings(needs=["counting"])
    database = Database(settings.database_url)
    prepare_database(database)
    key = settings.keys["counting"][0]
    if confirm is not None:
        confirm_recovery(database, key, confirm)
    if is_confirmed(database, key):
        click.echo(f"ready: {settings.home}", err=True)
    else:
        click.echo(recovery_sheet(key))
    database.dispose()


@click.command()
@click.option("--scrub", "scrubs", is_flag=True, help="Rewrite the database so that no deleted row is left in it.")
def doctor(*, scrubs: bool) -> None:
    """Say what is wrong and how to mend it; list the settings and where each comes from."""
    settings = _with_every_key_there_is()
    for name, source in sorted(settings.sources.items()):
        click.echo(f"      {name} from {source}")
    database = open_database(settings)
    if scrubs:
        scrub(database)
        click.echo("      scrubbed")
    findings = check_installation(database, settings, now())
    database.dispose()
    for finding in findings:
        click.echo(
            f"{'ok  ' if finding.well else 'MEND'}  {finding.what}" + (f": {finding.mend}" if finding.mend else "")
        )
    ill = sum(not finding.well for finding in findings)
    if ill:
        raise Failed(f"{ill} to mend")


def _with_every_key_there_is() -> Settings:
    there = []
    for name in KEYS:
        try:
            read_settings(needs=[name])
        except SettingsError as error:
            click.echo(f"MEND  {error}")
        else:
            there.append(name)
    return read_settings(needs=there)

"""Questionnaires: check their files."""

from pathlib import Path

import click

from survey_service.cli.command import Failed, PlainGroup
from survey_service.questionnaires.check import check_forms
from survey_service.settings import read_settings


@click.group(cls=PlainGroup)
def forms() -> None:
    """Questionnaires as files."""


@forms.command()
@click.argument("names", metavar="[FORM]...", nargs=-1)
def check(names: tuple[str, ...]) -> None:
    """Check the shipped and the municipality's own forms, or those that are named; says file, line and what to do."""
    folders = read_settings().forms_folders
    files = {file.parent.name: file for folder in folders for file in folder.glob("*/form.yaml")}
    unknown = [name for name in names if name not in files]
    if unknown:
        raise Failed(f"no form is called {', '.join(unknown)}; there are: {', '.join(sorted(files))}")
    problems = [problem for problem in check_forms(*folders) if not names or _concerns(problem.file, names)]
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise Failed(f"{len(problems)} to mend")
    click.echo(f"{len(names or files)} forms: nothing to mend")


def _concerns(file: Path, names: tuple[str, ...]) -> bool:
    """Whether a problem is in one of the named forms, or in the scales that every form may use."""
    return file.name == "scales.yaml" or file.parent.name in names

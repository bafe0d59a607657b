"""The import contracts of pyproject.toml hold, and each of them catches what it is there to catch."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from tests.support.project import ROOT

PYPROJECT = ROOT / "pyproject.toml"
CONTRACTS = {
    contract["id"]: contract for contract in tomllib.loads(PYPROJECT.read_text())["tool"]["importlinter"]["contracts"]
}

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command()"

# Contract, and the modules whose text breaks it.
VIOLATIONS = [
    ("layers", {"settings": "import survey_service.domain"}),
    ("layers", {"domain.form": "import survey_service.storage"}),
    ("layers", {"domain.form": "import survey_service.web.shared"}),
    ("layers", {"storage.links": "import survey_service.outputs"}),
    ("layers", {"services.submit_answers": "import survey_service.web.shared"}),
    ("layers", {"cli.demo": "import survey_service.web.office"}),
    ("layers", {"web.shared": "import survey_service.wsgi"}),
    ("layers", {"utils": ""}),
    ("web-areas", {"web.school": "import survey_service.web.admin"}),
    ("web-areas", {"web.shared": "import survey_service.web.respondent"}),
    ("web-areas", {"web.helpers": ""}),
    ("no-flask-below-web", {"services.submit_answers": "import flask"}),
    ("no-flask-below-web", {"domain.form": "from flask_wtf import FlaskForm"}),
    ("no-flask-below-web", {"outputs.cards": "from werkzeug.utils import safe_join"}),
    ("only-storage-sqlalchemy", {"services.submit_answers": "import sqlalchemy"}),
    ("only-storage-sqlalchemy", {"cli.migrate": "from alembic import command"}),
    ("views-and-storage", {"web.admin.views": "import survey_service.storage"}),
    ("respondent-sees-nothing", {"web.respondent.views": "import survey_service.domain.tally"}),
    (
        "respondent-sees-nothing",
        {
            "web.respondent.views": "import survey_service.services.thank",
            "services.thank": "import survey_service.storage.running_tallies",
        },
    ),
]


def modules_named_by_contracts() -> set[str]:
    """Every module of ours that a contract speaks of, relative to the package."""
    named: set[str] = set()
    for contract in CONTRACTS.values():
        named.update(contract.get("source_modules", []), contract.get("forbidden_modules", []))
        layers = " ".join(contract.get("layers", []))
        for container in contract.get("containers", []):
            named.update(f"{container}.{layer}" for layer in re.findall(r"\w+", layers))
    return {name.removeprefix("survey_service.") for name in named if name.startswith("survey_service.")}


@pytest.fixture
def skeleton(tmp_path: Path) -> Path:
    """A package of empty modules with the real names, under the real contracts; returns its directory."""
    shutil.copy(PYPROJECT, tmp_path)
    package = tmp_path / "survey_service"
    for module in modules_named_by_contracts():
        directory = package.joinpath(*module.split("."))
        directory.mkdir(parents=True, exist_ok=True)
    for directory in [package, *package.rglob("*/")]:
        (directory / "__init__.py").touch()
    return package


def lint(directory: Path) -> tuple[int, list[str], str]:
    """Exit status of the linter in a directory, names of the contracts it calls broken, and all it said."""
    done = subprocess.run(
        [sys.executable, "-c", LINT, "--no-logo", "--no-cache"],
        cwd=directory,
        env={**os.environ, "COLUMNS": "500", "PYTHONPATH": ""},  # so wide that no name is broken into lines
        capture_output=True,
        text=True,
        check=False,
    )
    said = done.stdout + done.stderr
    return done.returncode, re.findall(r"^(.+) BROKEN\b", said, re.MULTILINE), said


def test_every_contract_is_kept_by_the_package_itself() -> None:
    status, broken, said = lint(ROOT)
    assert (status, broken) == (0, []), said


def test_the_skeleton_breaks_no_contract_before_something_is_planted(skeleton: Path) -> None:
    status, broken, said = lint(skeleton.parent)
    assert (status, broken) == (0, []), said


def test_every_contract_has_a_violation_planted_against_it() -> None:
    assert {contract for contract, _ in VIOLATIONS} == set(CONTRACTS)


@pytest.mark.parametrize(
    ("contract", "modules"),
    VIOLATIONS,
    ids=[f"{contract}-{'-'.join(modules)}" for contract, modules in VIOLATIONS],
)
def test_a_planted_violation_breaks_its_contract(skeleton: Path, contract: str, modules: dict[str, str]) -> None:
    for module, text in modules.items():
        place = skeleton.joinpath(*module.split("."))
        (place / "__init__.py" if place.is_dir() else place.with_suffix(".py")).write_text(f"{text}\n")
    status, broken, said = lint(skeleton.parent)
    assert status == 1, said
    assert CONTRACTS[contract]["name"] in broken, said

"""What travels in the wheel is all that the service needs away from its checkout."""

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from tests.support.project import ROOT, project_files

BESIDE_THE_PACKAGE = ("forms", "translations", "migrations")


def run(*command: object, cwd: Path) -> str:
    """Output of a command that must succeed, started as by a user who has no checkout."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SURVEY_"))}
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env={**environment, "SURVEY_HOME": str(cwd / "home")},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}:\n{done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built as pip builds it from a fresh clone."""
    clone, built = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("built")
    for path in project_files():
        (clone / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, clone / path)
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", built, cwd=clone)
    (wheel,) = built.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel; its dependencies are those of the tests' own environment."""
    environment = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", environment, cwd=environment)
    programs = environment / "bin"
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "--python", programs / "python", "install", "--no-deps", "--no-index", wheel, cwd=environment)
    (packages,) = environment.glob("lib/python*/site-packages")
    (packages / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    return programs


def files_in(*folders: str) -> set[str]:
    """The project's files under these folders of the top level."""
    return {path.as_posix() for path in project_files() if path.parts[0] in folders}


def test_every_file_of_the_package_and_of_what_stands_beside_it_is_in_the_wheel(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    assert files_in("survey_service") <= held
    assert {f"survey_service/shipped/{path}" for path in files_in(*BESIDE_THE_PACKAGE)} <= held


def test_the_wheel_holds_nothing_else_than_the_service(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"survey_service"}


@pytest.mark.parametrize("name", BESIDE_THE_PACKAGE)
def test_what_is_shipped_is_found_from_another_directory(name: str, installed: Path, tmp_path: Path) -> None:
    program = f"from survey_service.settings import shipped; print(shipped({name!r}))"
    found = Path(run(installed / "python", "-c", program, cwd=tmp_path).strip())
    assert found.is_relative_to(installed.parent)
    assert all((found.parent / path).is_file() for path in files_in(name))


def test_the_command_checks_the_shipped_forms_from_another_directory(installed: Path, tmp_path: Path) -> None:
    run(installed / "survey-service", "forms", "check", cwd=tmp_path)

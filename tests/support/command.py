"""Runs the survey-service command of the checkout in a process of its own, from any directory."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = "import sys; from survey_service.cli import main; sys.argv[0] = 'survey-service'; sys.exit(main())"
COMMAND = (sys.executable, "-c", PROGRAM)


def environment(**settings: str) -> dict[str, str]:
    """This process's environment for a child: the checkout importable, its settings none but `settings`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("SURVEY_")}
    return {**inherited, "PYTHONPATH": str(ROOT), **settings}


def run_command(
    *arguments: str, cwd: Path, settings: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run to the end and return exit status, output and errors as text."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=environment(**(settings or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )

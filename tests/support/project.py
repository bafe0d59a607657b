"""The files of the checkout, as a fresh clone would hold them."""

import os
from collections.abc import Iterator
from pathlib import Path

from pathspec import GitIgnoreSpec

ROOT = Path(__file__).resolve().parents[2]


def project_files(root: Path = ROOT) -> list[Path]:
    """Every file under `root` that .gitignore does not exclude, relative to it and sorted. Needs no git."""
    rules = root / ".gitignore"
    ignored = GitIgnoreSpec.from_lines([".git", *(rules.read_text().splitlines() if rules.exists() else [])])
    return sorted(_walk(root, ignored))


def _walk(root: Path, ignored: GitIgnoreSpec) -> Iterator[Path]:
    for directory, children, names in os.walk(root):
        here = Path(directory).relative_to(root)
        # Left out before they are entered: a virtual environment holds thousands of files.
        children[:] = [name for name in children if not ignored.match_file(f"{(here / name).as_posix()}/")]
        yield from (here / name for name in names if not ignored.match_file((here / name).as_posix()))


def texts(root: Path, *suffixes: str) -> Iterator[tuple[Path, str]]:
    """Path and text of the project's files with these suffixes, or of all that are text."""
    for path in project_files(root):
        if not suffixes or path.suffix in suffixes:
            try:
                yield path, (root / path).read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue

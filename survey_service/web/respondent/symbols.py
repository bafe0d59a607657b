"""The drawings beside questions and options, put into a page once as SVG symbols."""

import re
from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

DRAWING = re.compile(r"<svg[^>]*viewBox=\"(?P<box>[^\"]+)\"[^>]*>(?P<inner>.*)</svg>", re.DOTALL)


class NoDrawing(ValueError):
    """A file among the drawings is none: it needs one <svg> with a viewBox."""


class Symbols:
    """The drawings of a folder by the names of their files. They are files of ours, not input. Raises NoDrawing."""

    def __init__(self, folder: Path) -> None:
        self._symbols = {file.stem: _symbol(file) for file in sorted(folder.glob("*.svg"))}

    def inlined(self, names: Iterable[str]) -> Markup:
        """Those drawings as symbols for `<use href="#NAME">`; nothing where there are none. Raises KeyError."""
        wanted = "".join(self._symbols[name] for name in names)
        return Markup(f'<svg class="symbols" aria-hidden="true">{wanted}</svg>' if wanted else "")  # noqa: S704


def _symbol(file: Path) -> str:
    found = DRAWING.search(" ".join(file.read_text(encoding="utf-8").split()))
    if found is None:
        raise NoDrawing(f"{file} needs one <svg> with a viewBox")
    return f'<symbol id="{file.stem}" viewBox="{found["box"]}">{found["inner"].strip()}</symbol>'

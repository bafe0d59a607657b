"""Style sheets and pictures that stand inside a page: made small, and ready for the policy that allows them."""

import re
from pathlib import Path
from urllib.parse import quote

COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
SPACE = re.compile(r"\s+")
AROUND = re.compile(r" ?([{};,>]) ?")


def style_sheet(*files: Path) -> str:
    """The files as one style sheet without comments and idle space."""
    text = COMMENT.sub("", "".join(file.read_text(encoding="utf-8") for file in files))
    tight = AROUND.sub(r"\1", SPACE.sub(" ", text))
    return tight.replace(": ", ":").replace(";}", "}").strip()


def data_address(file: Path, media_type: str) -> str:
    """A small file as a `data:` address."""
    content = file.read_text(encoding="utf-8").strip()
    return f"data:{media_type}," + quote(content, safe="=:/")

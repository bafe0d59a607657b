"""Writing a file whole or not at all, so that a failed export leaves nothing half behind."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import uuid4

IN_MEMORY = 10_000_000
"""How many bytes meant for standard output are held in memory before a temporary file takes over."""


class CannotWrite(Exception):
    """The file could not be written; the message is one line that names it and says why."""


@contextmanager
def whole_file(path: str | Path) -> Iterator[IO[bytes]]:
    """A stream whose bytes stand at `path` (`-`: on standard output) once the block ends, and nowhere if it raises.

    Raises CannotWrite for anything the operating system refuses: a full disk, a missing or locked directory.
    """
    target = Path(path)
    try:
        if str(path) == "-":
            yield from _standard_output()
        elif target.exists() and not target.is_file():
            # A device or a pipe cannot be replaced by a file of the same name: it is written to as it is.
            with target.open("wb") as stream:
                yield stream
        else:
            yield from _beside(target.resolve())
    except OSError as error:
        name = "standard output" if str(path) == "-" else path
        raise CannotWrite(f"{name}: cannot be written: {error.strerror or error}") from error


def _beside(target: Path) -> Iterator[IO[bytes]]:
    unfinished = target.with_name(f".{uuid4().hex}.unfinished")
    try:
        with unfinished.open("xb") as stream:
            yield stream
            stream.flush()
            # Without this a power cut after the renaming could leave an empty file under the right name.
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)


def _standard_output() -> Iterator[IO[bytes]]:
    with SpooledTemporaryFile(IN_MEMORY) as stream:
        yield stream
        stream.seek(0)
        try:
            shutil.copyfileobj(stream, sys.stdout.buffer)
            sys.stdout.buffer.flush()
        except OSError:
            # Python would try the same bytes again as it exits, and fail with a message of its own.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise

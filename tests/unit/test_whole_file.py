"""A file is written whole or not at all."""

import subprocess
import sys
from pathlib import Path

import pytest

from survey_service.outputs.whole_file import CannotWrite, whole_file

TO_STANDARD_OUTPUT = """
from survey_service.outputs.whole_file import CannotWrite, whole_file
try:
    with whole_file("-") as stream:
        stream.write(b"text" * 100_000)
except CannotWrite as error:
    raise SystemExit(str(error))
"""


def write(path: str | Path, content: bytes) -> None:
    with whole_file(path) as stream:
        stream.write(content)


def test_what_is_written_replaces_what_was_there_and_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_text("old")
    path.chmod(0o600)
    write(path, b"new")
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_to_a_file_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.csv").touch()
    (tmp_path / "link.csv").symlink_to("real.csv")
    write(tmp_path / "link.csv", b"new")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "new"


def test_a_block_that_raises_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "links.csv"
    path.write_text("old")

    def fail() -> None:
        with whole_file(path) as stream:
            stream.write(b"half")
            raise KeyError("round")

    with pytest.raises(KeyError):
        fail()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_told_in_one_line() -> None:
    with pytest.raises(CannotWrite, match=r"^/dev/full: cannot be written: No space left on device$"):
        write("/dev/full", b"text")


def test_a_directory_cannot_be_overwritten(tmp_path: Path) -> None:
    with pytest.raises(CannotWrite, match=r"cannot be written: Is a directory$"):
        write(tmp_path, b"text")


def test_a_block_that_raises_puts_nothing_on_standard_output(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    def fail() -> None:
        with whole_file("-") as stream:
            stream.write(b"half")
            raise KeyError("round")

    with pytest.raises(KeyError):
        fail()
    assert capfdbinary.readouterr().out == b""


def test_standard_output_that_takes_nothing_is_told_in_one_line_and_only_once() -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", TO_STANDARD_OUTPUT], stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == "standard output: cannot be written: No space left on device\n"

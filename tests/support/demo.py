"""The demo as somebody starts it in a terminal: a process with its servers and its worker."""

import re
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.command import COMMAND, environment, run_command
from tests.support.waiting import wait_until


@dataclass(frozen=True)
class Demo:
    """A running demo and what it printed."""

    folder: Path
    said: str

    def link(self, whose: str) -> str:
        """The address that it printed beside these words."""
        return re.findall(rf"{whose}\s+(http\S+)", self.said)[0]

    @property
    def staff_code(self) -> str:
        """The staff code that it printed, with its dashes."""
        return re.findall(r"A staff code\s+(\S+)", self.said)[0]

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command that works on the demo's directory, as the welcome says."""
        return run_command(*words, cwd=self.folder.parent, settings={"SURVEY_HOME": str(self.folder)})


def free_port() -> int:
    """A port that is free now, and the one above it too."""
    while True:
        with socket.socket() as probe, socket.socket() as above:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
            try:
                above.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@contextmanager
def running_demo(folder: Path, port: int) -> Iterator[Demo]:
    """Start the demo, wait for its welcome, and stop it as Ctrl-C does; it must then end by itself, and well."""
    log = folder.with_suffix(".log")
    with log.open("w") as output:
        process = subprocess.Popen(
            [*COMMAND, "demo", "--port", str(port), "--directory", str(folder)],
            cwd=folder.parent,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            wait_until(lambda: "Other commands" in log.read_text() or process.poll() is not None, seconds=90)
            assert process.poll() is None, log.read_text()
            yield Demo(folder, log.read_text())
        finally:
            process.send_signal(signal.SIGINT)
            status = process.wait(60)
    assert status == 0, log.read_text()

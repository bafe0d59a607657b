"""The load: requests made beforehand and sent by wrk over kept-alive connections, as fast as they are answered."""

import json
import subprocess
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

SCRIPT = Path(__file__).with_name("requests.lua")

CONNECTIONS = 16
"""Two for each thread of the server, so that none of them ever waits for work."""

HEADERS = (
    "Host: 127.0.0.1\r\n"
    "User-Agent: Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36\r\n"
    "Accept: text/html,application/xhtml+xml\r\n"
    "Accept-Language: sv-SE,sv;q=0.9,en;q=0.7\r\n"
    "Accept-Encoding: gzip, deflate, br\r\n"
)
"""About what a school's browser sends; every view, the reference views too, is asked with them."""


class LoadFailed(Exception):
    """Something was refused or lost under load, so that a rate would mean nothing."""


@dataclass(frozen=True)
class Run:
    """What one run did: requests that were answered, how fast, and after how many milliseconds each."""

    requests: int
    seconds: float
    p50: float
    p95: float
    p99: float

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds


def get_request(path: str) -> bytes:
    """A whole GET request."""
    return f"GET {path} HTTP/1.1\r\n{HEADERS}\r\n".encode("ascii")


def post_request(path: str, fields: Mapping[str, str | list[str]]) -> bytes:
    """A whole POST request with a form's fields."""
    body = urlencode(fields, doseq=True)
    about = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n"
    return f"POST {path} HTTP/1.1\r\n{HEADERS}{about}\r\n{body}".encode("ascii")


def write_requests(file: Path, requests: Iterable[bytes]) -> None:
    """Requests where a run finds them; none of them holds a zero byte."""
    file.write_bytes(b"\0".join(requests))


def send(port: int, requests: Path, seconds: float) -> Run:
    """Send the file's requests for some seconds. Raises LoadFailed where one of them was refused or not answered."""
    done = subprocess.run(
        [
            *("wrk", "--threads=1", f"--connections={CONNECTIONS}", f"--duration={max(1, round(seconds))}s"),
            *("--timeout=20s", f"--script={SCRIPT}", f"http://127.0.0.1:{port}", "--", str(requests)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise LoadFailed(f"wrk ended with status {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
    return read_outcome(done.stdout)


def read_outcome(output: str) -> Run:
    """The run that wrk tells of. Raises LoadFailed."""
    told = json.loads(output.strip().splitlines()[-1])
    if told["failed"] or told["refused"] or not told["requests"]:
        raise LoadFailed(f"{told['failed']} requests failed and {told['refused']} were refused of {told['requests']}")
    milliseconds = {name: told[name] / 1000 for name in ("p50", "p95", "p99")}
    return Run(told["requests"], told["microseconds"] / 1_000_000, **milliseconds)

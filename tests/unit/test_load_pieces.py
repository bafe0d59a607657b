"""The pieces of the load measurements that can be wrong without anybody noticing."""

import os
from pathlib import Path

import pytest

from tests.load.generator import LoadFailed, get_request, post_request, read_outcome, write_requests
from tests.load.over_http import Comparison, Measured
from tests.load.servers import cpu_ticks

OUTCOME = (
    '{"requests": 3000, "microseconds": 1500000, "failed": 0, "refused": 0, "p50": 4000, "p95": 8000, "p99": 9000}'
)


def test_a_run_tells_its_rate_and_its_waits_in_milliseconds() -> None:
    run = read_outcome(f"Running 1s test\n{OUTCOME}\n")
    assert run.rate == 2000
    assert (run.p50, run.p95, run.p99) == (4.0, 8.0, 9.0)


@pytest.mark.parametrize("fault", ['"failed": 1', '"refused": 1', '"requests": 0'])
def test_a_run_in_which_anything_went_wrong_is_no_measurement(fault: str) -> None:
    name = fault.partition(":")[0]
    spoilt = ", ".join(fault if part.startswith(name) else part for part in OUTCOME.strip("{}").split(", "))
    with pytest.raises(LoadFailed):
        read_outcome("{" + spoilt + "}")


def test_requests_are_whole_and_stand_apart_in_their_file(tmp_path: Path) -> None:
    requests = [get_request("/ok"), post_request("/s/A", {"safe": "fully", "_token": "a:b"})]
    write_requests(tmp_path / "requests", requests)
    assert (tmp_path / "requests").read_bytes().split(b"\0") == requests
    head, body = requests[1].split(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head.split(b"\r\n")
    assert requests[0].endswith(b"\r\n\r\n")


def test_a_ratio_is_the_median_over_neighbouring_runs() -> None:
    def measured(rate: int) -> Measured:
        run = read_outcome(OUTCOME.replace("3000", str(rate)).replace("1500000", "1000000"))
        return Measured(run, cpu=1.0)

    reference = [measured(rate) for rate in (4000, 1000, 2000)]
    ours = [measured(rate) for rate in (2000, 900, 1000)]
    assert Comparison(reference, ours).ratio == 0.5


def test_processor_time_of_a_process_grows_with_its_work() -> None:
    before = cpu_ticks(os.getpid())
    while cpu_ticks(os.getpid()) == before:
        sum(range(10_000))
    assert cpu_ticks(os.getpid()) > before

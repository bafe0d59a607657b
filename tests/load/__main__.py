"""The load measurements: `python -m tests.load`, all that the README beside it describes."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import click

from tests.load import report
from tests.load.class_burst import WITHIN_SECONDS, measure_burst
from tests.load.counting import measure_compiling, measure_counting
from tests.load.generator import LoadFailed
from tests.load.over_http import Effort, measure_http
from tests.load.town import ENGINES, Place, place_of

PARTS = ("http", "burst", "counting", "compiling")

MUNICIPALITY, MANY_GROUPS = 500, 15_000
MUNICIPALITY_SECONDS, MANY_GROUPS_SECONDS = 5, 180
TIMES = 1000

QUICK = Effort(seconds=1, pairs=1, classes=30, town=100)
IN_EARNEST = Effort(seconds=1, pairs=12, classes=30, town=1000)
"""Many short runs in turn rather than a few long ones, as a shared machine changes its speed from second to second."""

BUSY = 0.5
SYNCS = 50


@click.command()
@click.option("--quick", is_flag=True, help="Only whether everything runs, within a minute; the figures mean little.")
@click.option("--engine", "engines", type=click.Choice(ENGINES), multiple=True, default=ENGINES)
@click.option("--part", "parts", type=click.Choice(PARTS), multiple=True, default=PARTS)
def load(*, quick: bool, engines: Sequence[str], parts: Sequence[str]) -> None:
    """Measure forms opened, answers sent, a class at once, counting and compiling, as ratios where they can be."""
    began = time.monotonic()
    machine()
    for engine in engines:
        with place_of(engine) as place:
            for part in parts:
                report.heading(f"{engine}: {part}")
                try:
                    MEASURES[part](place, quick)
                except LoadFailed as error:
                    click.echo(f"FAILED: {error}", err=True)
                    sys.exit(1)
    click.echo(f"\nMeasured in {time.monotonic() - began:.0f} s; load average now {os.getloadavg()[0]:.2f}.")


def machine() -> None:
    """What the figures were taken on, and whether others were using it."""
    load_average = os.getloadavg()[0]
    click.echo(f"{os.cpu_count()} cores, load average {load_average:.2f} before the start")
    if load_average > BUSY:
        click.echo(
            "Others are using this machine: rates and seconds say little, and ratios wander. Repeat when it is idle."
        )


def http(place: Place, quick: bool) -> None:  # noqa: FBT001
    """Forms opened and answers sent."""
    click.echo(f"  {sync_milliseconds(place.folder):.1f} ms for the disk to confirm 4 kB")
    report.tell_http(measure_http(place, QUICK if quick else IN_EARNEST))


def burst(place: Place, quick: bool) -> None:  # noqa: FBT001
    """A class that answers at once."""
    report.tell_burst(measure_burst(place, WITHIN_SECONDS / 5 if quick else WITHIN_SECONDS))


def counting(place: Place, quick: bool) -> None:  # noqa: FBT001
    """What the worker does with what waits."""
    report.tell_counting(measure_counting(place, 20 if quick else 200))


def compiling(place: Place, quick: bool) -> None:  # noqa: FBT001
    """A closed collection of a municipality."""
    report.tell_compiling(MUNICIPALITY, 1, measure_compiling(place, MUNICIPALITY), MUNICIPALITY_SECONDS)
    report.tell_compiling(MUNICIPALITY, TIMES, measure_compiling(place, MUNICIPALITY, TIMES))
    if not quick:
        report.tell_compiling(MANY_GROUPS, 1, measure_compiling(place, MANY_GROUPS), MANY_GROUPS_SECONDS)


MEASURES = {"http": http, "burst": burst, "counting": counting, "compiling": compiling}


def sync_milliseconds(folder: Path) -> float:
    """How long the disk takes to confirm a small write, half of the times."""
    waits = []
    descriptor = os.open(folder / "sync", os.O_CREAT | os.O_WRONLY)
    for _ in range(SYNCS):
        os.write(descriptor, bytes(4096))
        began = time.perf_counter()
        os.fdatasync(descriptor)
        waits.append(time.perf_counter() - began)
    os.close(descriptor)
    return 1000 * sorted(waits)[SYNCS // 2]


if __name__ == "__main__":
    load()

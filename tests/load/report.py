"""What was measured, as lines that a person reads: the figure, its budget, and whether it is kept."""

from collections.abc import Sequence
from statistics import median

import click

from tests.load.class_burst import RESPONDENTS, Burst
from tests.load.counting import Counting
from tests.load.over_http import Comparison, Measured, OverHttp

WIDTH = 46


def heading(text: str) -> None:
    """Begin a part of the report."""
    click.secho(f"\n{text}", bold=True)


def line(what: str, value: str, kept: bool | None = None, budget: str = "") -> None:  # noqa: FBT001 - three answers
    """One figure; `kept` is None where there is no budget."""
    verdict = {None: "", True: "kept", False: "MISSED"}[kept]
    click.echo(f"  {what:<{WIDTH}} {value:>18}   {budget:<12} {verdict}".rstrip())


def tell_http(found: OverHttp) -> None:
    """Forms opened, answers sent, and what a respondent costs."""
    opened, sent = found.opened, found.sent
    _compare("forms opened", "one-line page", opened, 0.70)
    apart = found.opened_apart
    line("  where each form is another class's", f"{apart.ratio:.2f}")
    line("    by processor time", f"{apart.cpu_ratio:.2f}")
    line("the form as sent, compressed (plain)", f"{found.page_bytes} ({found.page_plain_bytes}) B")
    _compare("answers sent", "durable INSERT", sent, 0.50)
    cpu = _cpu(opened.ours) + _cpu(sent.ours)
    line("CPU for a respondent, GET + POST", f"{cpu:.2f} ms", cpu <= 3, "<= 3 ms")
    line("  and with the thanks page", f"{cpu + found.thanked.cpu:.2f} ms")


def _compare(what: str, reference: str, compared: Comparison, budget: float) -> None:
    line(f"{what}, ratio to the {reference}", f"{compared.ratio:.2f}", compared.ratio >= budget, f">= {budget:.2f}")
    line("  the same by processor time", f"{compared.cpu_ratio:.2f}")
    for name, runs in ((reference, compared.reference), (what, compared.ours)):
        line(f"  {name}", f"{median(item.run.rate for item in runs):.0f} /s")
        waits = [median(getattr(item.run, part) for item in runs) for part in ("p50", "p95", "p99")]
        line("    p50 / p95 / p99", " / ".join(f"{wait:.0f}" for wait in waits) + " ms")
        line("    CPU of the web processes, each", f"{_cpu(runs):.2f} ms")


def _cpu(runs: Sequence[Measured]) -> float:
    return median(item.cpu for item in runs)


def tell_burst(found: Burst) -> None:
    """The class that answered at once."""
    line(f"class of {RESPONDENTS} in one burst, answers counted", str(found.counted), found.counted == RESPONDENTS)
    line("  slowest reply to a valid code", f"{found.slowest:.0f} ms")
    line("  slowest reply to a mistyped code", f"{found.slowest_mistyped:.0f} ms")


def tell_counting(found: Counting) -> None:
    """How fast one worker counts."""
    at_the_end, batches = found.finally_, found.batches
    line("answers counted at the end", f"{at_the_end:.0f} /s", at_the_end >= 5000, ">= 5000 /s")
    line("  for a second of the worker's CPU", f"{found.finally_cpu:.0f} /s")
    line("answers counted in batches while open", f"{batches:.0f} /s")
    line("  for a second of the worker's CPU", f"{found.batches_cpu:.0f} /s")


def tell_compiling(classes: int, times: int, seconds: float, budget: float | None = None) -> None:
    """How long a municipality takes."""
    more = f", {times} times the answers" if times > 1 else ""
    kept = None if budget is None else seconds <= budget
    line(f"compile {classes} groups{more}", f"{seconds:.1f} s", kept, f"<= {budget:.0f} s" if budget else "")

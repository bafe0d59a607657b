"""The checks that every fetched page goes through catch what they are for."""

import pytest

from tests.support.pages import HEADERS, POLICY, faults

GOOD_HEADERS = {**HEADERS, "Content-Security-Policy": "; ".join([*POLICY[:-1], POLICY[-1] + "abc='"])}

GOOD = """<!DOCTYPE html>
<html lang="ar" dir="rtl"><head><title>Look: Form – School</title></head>
<body><a href="#main">Skip</a><main id="main"><h1>Form</h1>
<form id="f"><label for="code">Code</label><input id="code" aria-describedby="hint"><p id="hint">Hint</p></form>
</main></body></html>"""


def test_a_good_page_has_no_fault() -> None:
    assert list(faults(GOOD, GOOD_HEADERS)) == []


@pytest.mark.parametrize(
    ("part", "planted"),
    [
        ("<!DOCTYPE html>", "<!-- no doctype -->"),
        ('lang="ar" ', ""),
        ('dir="rtl"', 'dir="auto"'),
        ("<h1>Form</h1>", "<h2>Form</h2>"),
        ("<h1>Form</h1>", "<h1>Form</h1><h1>Again</h1>"),
        ("<h1>Form</h1>", "<h1>Another form</h1>"),
        ('<p id="hint">', '<p id="code">'),
        ('for="code"', 'for="kode"'),
        ('aria-describedby="hint"', 'aria-describedby="hint problem"'),
        ('href="#main"', 'href="#content"'),
        ("<main", "<main></main><main"),
        ("</form>", "</form></div>"),
        ("</form>", "</form><p>"),
        ("</form>", "</form><script>alert(1)</script>"),
        ("<h1>", '<h1 style="color: red">'),
        ("<h1>", '<h1 onclick="go()">'),
        ("</form>", '</form><img src="https://elsewhere.test/x.png">'),
        ('<form id="f">', '<form id="f" action="//elsewhere.test/">'),
    ],
)
def test_a_planted_fault_in_a_page_is_found(part: str, planted: str) -> None:
    assert part in GOOD
    assert list(faults(GOOD.replace(part, planted), GOOD_HEADERS))


@pytest.mark.parametrize("name", [*HEADERS, "Content-Security-Policy"])
def test_a_missing_header_is_found(name: str) -> None:
    headers = {key: value for key, value in GOOD_HEADERS.items() if key != name}
    assert list(faults(GOOD, headers))


@pytest.mark.parametrize(
    "headers",
    [
        {"Set-Cookie": "session=1"},
        {"Cache-Control": "max-age=60"},
        {"Content-Security-Policy": GOOD_HEADERS["Content-Security-Policy"] + "; script-src data:"},
        {"Content-Security-Policy": GOOD_HEADERS["Content-Security-Policy"] + " 'unsafe-inline'"},
    ],
)
def test_a_header_that_should_not_be_is_found(headers: dict[str, str]) -> None:
    assert list(faults(GOOD, GOOD_HEADERS | headers))

"""The main job from end to end, as a person does it: the demo, a form, the office, the close, the results."""

import csv
import io
import re
from collections import Counter
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.support.command import run_command
from tests.support.demo import Demo, free_port, running_demo
from tests.support.waiting import wait_until

THANKS = re.compile("Tack")


@pytest.fixture
def page(browser: Browser) -> Page:
    """A page of a Swedish reader; the demo's processes speak to it over real HTTP."""
    return browser.new_context(locale="sv-SE").new_page()


def answer(page: Page) -> int:
    """Choose the first option of every question, step by step, and send; returns how many questions there were."""
    answered = 0
    while page.locator("[data-next]").is_visible():
        page.locator("[data-next]").click()
        questions = page.locator("fieldset:visible:has(input[type=radio])")
        for number in range(questions.count()):
            questions.nth(number).locator("input[type=radio]").first.check()
        answered += questions.count()
    page.locator("button[type=submit]:not([name]):visible").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(THANKS)
    return answered


def figures(page: Page) -> tuple[int, int]:
    """(answers, expected) of the round that the office shows."""
    numbers = re.findall(r"\d+", page.locator("[data-of=total]").inner_text().replace("\N{NO-BREAK SPACE}", ""))
    return int(numbers[0]), int(numbers[1])


def tallies(demo: Demo) -> list[dict[str, str]]:
    """The rows of the exported tallies table."""
    exported = demo.command("results", "export", "demo-now", "--format", "csv", "--table", "tallies", "--output", "-")
    assert exported.returncode == 0, exported.stderr
    return list(csv.DictReader(io.StringIO(exported.stdout)))


def test_from_the_demo_to_exported_results(page: Page, tmp_path: Path) -> None:
    port = free_port()
    with running_demo(tmp_path / "demo", port) as demo:
        pupils_link = demo.link("A pupil's link")

        page.goto(pupils_link)
        expect(page.get_by_text("Sjöängsskolan")).to_be_visible()
        assert answer(page) == 24
        assert page.context.cookies() == []

        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("textbox").fill(demo.staff_code.lower().replace("-", " "))
        page.get_by_role("textbox").press("Enter")
        assert answer(page) == 14
        page.goto(f"http://127.0.0.1:{port}/s/{demo.staff_code}")
        expect(page.get_by_role("heading", level=1)).not_to_have_text(THANKS)
        assert page.locator("input[type=radio]").count() == 0  # a single-use code opens one form once

        page.goto(demo.link("Sign in to the office"))
        page.get_by_role("main").get_by_role("button").click()
        page.goto(f"http://127.0.0.1:{port + 1}/office/rounds/demo-now/links/99000001")
        page.locator("summary").first.click()
        picture = Image.open(io.BytesIO(page.locator("img.qr").first.screenshot()))
        scanned = [code.text for code in zxingcpp.read_barcodes(picture)]
        assert scanned[0].startswith(f"http://127.0.0.1:{port}/s/")
        phone = page.context.browser.new_context(locale="sv-SE").new_page()  # type: ignore[union-attr]
        phone.goto(scanned[0])
        assert answer(phone) in (19, 24)  # a guardian's or a pupil's

        page.goto(f"http://127.0.0.1:{port + 1}/office/rounds/demo-now")
        wait_until(lambda: bool(page.reload()) and figures(page)[0] > 0, seconds=90)
        assert 0 < figures(page)[0] < figures(page)[1]

        page.get_by_role("link", name="Stäng omgången").click()
        page.get_by_role("main").get_by_role("button").click()
        wait_until(lambda: demo.command("results", "export", "demo-now").returncode == 0, seconds=60)
        wait_until(lambda: len({row["collection"] for row in tallies(demo)}) == 3, seconds=60)

        rows = tallies(demo)
        assert_conserved(rows)
        class_of_three = [row for row in rows if (row["unit_code"], row["group"]) == ("99000002", "5B")]
        assert {row["status"] for row in class_of_three} <= {"suppressed", "empty"}
        assert {row["n"] for row in class_of_three} == {""}
        assert demo.command("doctor").returncode == 0, demo.command("doctor").stdout

        page.goto(pupils_link)
        assert page.locator("input[type=radio]").count() == 0

    with running_demo(tmp_path / "demo", port) as again:
        assert again.link("A pupil's link") == pupils_link
        assert tallies(again) == rows


def assert_conserved(rows: list[dict[str, str]]) -> None:
    """Every question of a whole shown table has the same number of answers, and the municipality has them all."""
    whole = [row for row in rows if not row["breakdown"] and row["status"] == "ok"]
    sums: Counter[tuple[str, ...]] = Counter()
    for row in whole:
        place = (row["collection"], row["level"], row["operator_code"], row["unit_code"], row["group"])
        sums[*place, row["question"]] += int(row["n"])
    by_table: dict[tuple[str, ...], set[int]] = {}
    for place, number in sums.items():
        by_table.setdefault(place[:-1], set()).add(number)
    assert {len(numbers) for numbers in by_table.values()} == {1}
    assert min(min(numbers) for numbers in by_table.values()) >= 5
    assert {place[0] for place in by_table if place[1] == "municipality"} == {"pupil", "guardian", "staff"}


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    port = free_port()
    with running_demo(tmp_path / "demo", port):
        second = run_command("demo", "--port", str(port), "--directory", "other", cwd=tmp_path)

    assert second.returncode == 1
    assert second.stderr == f"cannot serve on 127.0.0.1:{port}: Address already in use; choose another port\n"
    assert not (tmp_path / "other").exists()

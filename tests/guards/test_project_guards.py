"""The checkout keeps the rules of the house, and each rule catches a fault planted against it."""

import shutil
from pathlib import Path

import pytest

from tests.support import house_rules
from tests.support.house_rules import Rule
from tests.support.project import ROOT, project_files

RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        house_rules.top_level_is_as_designed,
        house_rules.no_package_index_is_named,
        house_rules.lock_files_hold_no_address,
        house_rules.lock_files_hold_every_dependency,
        house_rules.modules_open_with_their_purpose,
        house_rules.modules_are_short,
        house_rules.templates_escape_everything,
        house_rules.no_test_evades,
        house_rules.shell_scripts_parse,
    )
}

INDEX = house_rules.INDEX_HOSTS[0]
PURPOSE = '"""What it is for."""\n'
VIEW = "survey_service/web/shared/templates/page.html"

# Rule, the file that breaks it, and what stands there.
FAULTS = [
    ("top_level_is_as_designed", "notes.md", "remember"),
    ("top_level_is_as_designed", ".cache-of-mine/file", ""),
    ("top_level_is_as_designed", "scripts/run.sh", ""),
    ("no_package_index_is_named", "README.md", f"see https://{INDEX}/project/flask"),
    (
        "no_package_index_is_named",
        "deploy/Dockerfile",
        "RUN pip install --index" + "-url=https://mirror.test",
    ),
    ("no_package_index_is_named", "deploy/pip.conf", "[global]\n" + "index" + "-url = https://mirror.test"),
    ("no_package_index_is_named", ".ci/run", "curl https://mirror.test/repo" + "/simple" + "/flask"),
    ("lock_files_hold_no_address", "deploy/requirements.txt", "flask @ https://mirror.test/flask.whl"),
    ("lock_files_hold_no_address", "tests/requirements.txt", "# made by /home/somebody/uv"),
    ("lock_files_hold_every_dependency", "deploy/requirements.txt", "alembic==1.20.1"),
    ("lock_files_hold_every_dependency", "tests/requirements.txt", "flask==3.1.3"),
    ("modules_open_with_their_purpose", "survey_service/domain/new.py", "import json\n"),
    ("modules_open_with_their_purpose", "survey_service/domain/__init__.py", ""),
    ("modules_are_short", "tests/unit/test_long.py", PURPOSE + "\n" * 400),
    ("templates_escape_everything", VIEW, "<p>{{ text|safe }}</p>"),
    ("templates_escape_everything", VIEW, "<p>{{ text | safe }}</p>"),
    ("templates_escape_everything", VIEW, "{% autoescape false %}{{ text }}{% endautoescape %}"),
    ("templates_escape_everything", "survey_service/web/pages.py", "Environment(autoescape=False)"),
    ("no_test_evades", "tests/unit/test_new.py", "import pytest\n@pytest.mark.skip\ndef test_it(): ..."),
    ("no_test_evades", "tests/unit/test_new.py", "import pytest\npytest.importorskip('nacl')"),
    ("no_test_evades", "tests/web/test_new.py", "from pytest import xfail"),
    ("shell_scripts_parse", "deploy/broken.sh", "if true; then\n"),
    ("shell_scripts_parse", ".ci/run", "#!/bin/sh\nfor\n"),
]


@pytest.fixture
def sound_checkout(tmp_path: Path) -> Path:
    """The fewest files that break no rule."""
    for name in (".gitignore", "pyproject.toml", "deploy/requirements.txt", "tests/requirements.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("rule", RULES)
def test_the_checkout_keeps_the_rule(rule: str) -> None:
    assert list(RULES[rule](ROOT)) == []


@pytest.mark.parametrize("rule", RULES)
def test_no_rule_complains_of_a_sound_checkout(rule: str, sound_checkout: Path) -> None:
    assert list(RULES[rule](sound_checkout)) == []


@pytest.mark.parametrize(("rule", "path", "text"), FAULTS, ids=[f"{rule}-{path}" for rule, path, _ in FAULTS])
def test_a_planted_fault_is_caught_and_named(rule: str, path: str, text: str, sound_checkout: Path) -> None:
    planted = sound_checkout / path
    planted.parent.mkdir(parents=True, exist_ok=True)
    planted.write_text(text)
    complaints = list(RULES[rule](sound_checkout))
    assert complaints
    named = Path(path).parts[0] if rule == "top_level_is_as_designed" else path
    assert all(complaint.startswith(f"{named}:") for complaint in complaints)


def test_every_rule_has_a_fault_planted_against_it() -> None:
    assert {rule for rule, _, _ in FAULTS} == set(RULES)


def test_ignored_files_are_no_part_of_the_project_and_all_others_are(sound_checkout: Path) -> None:
    before = set(project_files(sound_checkout))
    ignored = (".venv/lib/module.py", "survey_service/__pycache__/form.pyc", ".git/config")
    for name in (*ignored, "survey_service/build/x.py"):
        (sound_checkout / name).parent.mkdir(parents=True)
        (sound_checkout / name).touch()
    assert set(project_files(sound_checkout)) - before == {Path("survey_service/build/x.py")}

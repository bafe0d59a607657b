"""The rules of the house that no linter knows, each a function from a checkout to the complaints about it."""

import ast
import re
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support.project import project_files, texts

Rule = Callable[[Path], Iterator[str]]

TOP_LEVEL = {
    *("pyproject.toml", "survey_service", "forms", "translations", "migrations", "tests", "deploy"),
    *("README.md", "LICENSE", ".ci", ".gitignore", ".gitattributes", ".dockerignore", ".editorconfig"),
}

LONGEST_MODULE = 400

# Cut in two, so that this file does not name them.
INDEX_HOSTS = [
    host.replace("|", "")
    for host in (
        *("py|pi.org", "py|pi.python.org", "python|hosted.org", "ana|conda.org"),
        *("npm|js.org", "npm|js.com", "yarn|pkg.com"),
    )
]
INDEX_ADDRESS = re.compile(
    "|".join(map(re.escape, INDEX_HOSTS))
    # A mirror has a name of its own, and is known by the option before it or by the path after it.
    + r"|(?<![\w-])--(extra-)?(index-url|find-links|trusted-host)[ =]\S"
    + r"|^\s*(extra-)?index-url\s*="
    + r"|https?://\S*(artifactory|devpi|/nexus/|/simple/)",
    re.IGNORECASE | re.MULTILINE,
)

UNESCAPED = re.compile(r"\|\s*safe\b|autoescape\s*(=\s*)?(false|off)", re.IGNORECASE)
MAY_BE_UNESCAPED: set[str] = set()
"""Files that may switch escaping off, each with the reason beside it."""

TEST_EVASIONS = {
    *("skip", "skipif", "xfail", "importorskip"),
    *("skipIf", "skipUnless", "skipTest"),
    *("skip_browser", "only_browser"),
}


def top_level_is_as_designed(root: Path) -> Iterator[str]:
    """The top level holds what the design names and nothing else."""
    for name in sorted({path.parts[0] for path in project_files(root)} - TOP_LEVEL):
        yield f"{name}: does not belong at the top level"


def no_package_index_is_named(root: Path) -> Iterator[str]:
    """Where packages come from is the business of the machine that installs them."""
    for path, text in texts(root):
        for found in INDEX_ADDRESS.finditer(text):
            yield f"{path}:{_line(text, found.start())}: names a package index"


def lock_files_hold_no_address(root: Path) -> Iterator[str]:
    """A locked file names packages and hashes, no address and no machine's path."""
    for path, text in texts(root, ".txt"):
        if path.name == "requirements.txt":
            for found in re.finditer(r"://|(?<![\w.])/\w", text):
                yield f"{path}:{_line(text, found.start())}: holds an address or a path"


def lock_files_hold_every_dependency(root: Path) -> Iterator[str]:
    """What pyproject.toml asks for is locked: run deploy/lock.sh after changing it."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text())
    project, groups = pyproject["project"], pyproject["dependency-groups"]
    installed = [*project["dependencies"], *project["optional-dependencies"]["postgres"], *groups["build"]]
    tested = [*installed, *(entry for entry in groups["dev"] if isinstance(entry, str))]
    for path, wanted in (("deploy/requirements.txt", installed), ("tests/requirements.txt", tested)):
        locked = set(re.findall(r"^([\w.-]+)==", (root / path).read_text(), re.MULTILINE))
        names = {re.split(r"[^\w.-]", dependency)[0].lower() for dependency in wanted}
        for name in sorted(names - locked):
            yield f"{path}: {name} of pyproject.toml is not locked"


def modules_open_with_their_purpose(root: Path) -> Iterator[str]:
    """Every module opens with a docstring that says what it is for."""
    for path, text in texts(root, ".py"):
        if not ast.get_docstring(ast.parse(text, filename=str(path))):
            yield f"{path}: has no docstring"


def modules_are_short(root: Path) -> Iterator[str]:
    """No module is longer than can be held in mind."""
    for path, text in texts(root, ".py"):
        if (lines := len(text.splitlines())) > LONGEST_MODULE:
            yield f"{path}: has {lines} lines, more than {LONGEST_MODULE}"


def templates_escape_everything(root: Path) -> Iterator[str]:
    """Escaping is on in every template and in every place that makes one."""
    for path, text in texts(root, ".html", ".jinja", ".j2", ".svg", ".py"):
        if path.parts[0] == "survey_service" and path.as_posix() not in MAY_BE_UNESCAPED:
            for found in UNESCAPED.finditer(text):
                yield f"{path}:{_line(text, found.start())}: switches escaping off"


def no_test_evades(root: Path) -> Iterator[str]:
    """No test is skipped or expected to fail: what is missing is installed, what is broken is mended."""
    for path, text in texts(root, ".py"):
        if path.parts[0] == "tests":
            for node in ast.walk(ast.parse(text, filename=str(path))):
                if _names(node) & TEST_EVASIONS:
                    yield f"{path}:{getattr(node, 'lineno', 0)}: evades a test"


def shell_scripts_parse(root: Path) -> Iterator[str]:
    """Every shell script is one that sh can read."""
    for path, text in texts(root):
        if path.suffix == ".sh" or re.match(r"#!.*\bsh\b", text):
            done = subprocess.run(["sh", "-n", str(root / path)], capture_output=True, text=True, check=False)
            if done.returncode:
                yield f"{path}: {done.stderr.strip()}"


def _names(node: ast.AST) -> set[str]:
    """Names that a piece of syntax refers to."""
    match node:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return {name}
        case ast.ImportFrom(names=aliases):
            return {alias.name for alias in aliases}
        case _:
            return set()


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1

"""YAML that remembers the line of everything in it, so that every problem can be pointed at."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

Place = tuple[str | int, ...]
"""Where something stands in a document: keys and list positions from the root, `("sections", 0, "title")`."""


@dataclass(frozen=True, order=True)
class Problem:
    """Something wrong in a file, and how to mend it. Lines are counted from 1."""

    file: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message}"


@dataclass
class Document:
    """A YAML file as plain data; `data` is None where the file could not be read at all."""

    file: Path
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of that place, or of the nearest place around it that exists."""
        while place not in self.lines and place:
            place = place[:-1]
        return self.lines.get(place, 1)

    def problem(self, place: Place, message: str) -> Problem:
        """A problem at that place."""
        return Problem(self.file, self.line(place), message)


def read_document(file: Path, source: bytes) -> Document:
    """The document in `source`; what is wrong with it as YAML stands in its `problems`, nothing is raised.

    Stricter than YAML: a repeated key, an alias, and `yes`, `no`, `on`, `off` without quotes are problems.
    """
    document = Document(file)
    try:
        loader = yaml.SafeLoader(source.decode())
        root = loader.get_single_node()
        if root is None:
            document.problems.append(document.problem((), "the file is empty: write it first"))
        else:
            document.data = _Reader(document, loader).value(root, ())
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        document.problems.append(Problem(file, line, "this is not UTF-8: save the file in that encoding"))
    except yaml.YAMLError as error:
        document.problems.append(_syntax_problem(file, error))
    return document


def _syntax_problem(file: Path, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None)
    what = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return Problem(file, mark.line + 1 if mark else 1, f"this is not YAML: {what}; check indents and quotes")


class _Reader:
    """Turns nodes into plain data, noting lines and problems in the document on the way."""

    def __init__(self, document: Document, loader: yaml.SafeLoader) -> None:
        self.document = document
        self.loader = loader
        self.seen: set[int] = set()

    def value(self, node: yaml.Node, place: Place) -> Any:
        # A mapping's value is pointed at by the line of its key, which is noted before this.
        self.document.lines.setdefault(place, node.start_mark.line + 1)
        if id(node) in self.seen:
            return self.wrong(place, "this repeats another part by an alias (*): write it out")
        self.seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, place)
        if isinstance(node, yaml.SequenceNode):
            return [self.value(item, (*place, number)) for number, item in enumerate(node.value)]
        return self.scalar(node, place)

    def mapping(self, node: yaml.MappingNode, place: Place) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            line = key_node.start_mark.line + 1
            self.scalar(key_node, place, line)
            # As it is written: a unit's code such as 01234567 is no octal number.
            key = str(key_node.value)
            inner = (*place, key)
            if key in result:
                first = self.document.lines[inner]
                message = f"`{key}` stands here twice (first on line {first}): keep one"
                self.document.problems.append(Problem(self.document.file, line, message))
                continue
            self.document.lines[inner] = line
            result[key] = self.value(value_node, inner)
        return result

    def scalar(self, node: yaml.Node, place: Place, line: int | None = None) -> Hashable:
        """A plain value. Words that YAML 1.1 takes for true and false are kept as the words they are."""
        line = line or self.document.lines[place]
        if node.tag == "tag:yaml.org,2002:bool" and node.value not in {"true", "false"}:
            message = f'YAML takes {node.value} for yes or no: write "{node.value}" in quotes, or true or false'
            self.document.problems.append(Problem(self.document.file, line, message))
            return str(node.value)
        try:
            value: Hashable = self.loader.construct_object(node)
        except ValueError:
            message = f'YAML takes {node.value} for a number or a date: write "{node.value}" in quotes'
            self.document.problems.append(Problem(self.document.file, line, message))
            return str(node.value)
        return value

    def wrong(self, place: Place, message: str) -> None:
        self.document.problems.append(self.document.problem(place, message))

"""From answers to a row of bytes whose length says nothing, and back."""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from survey_service.domain.answer_fields import Answers, is_asked
from survey_service.domain.form import Form, Kind, Question, Slot

NO_ANSWER, DONT_KNOW, NOT_APPLICABLE = 0, 1, 2
OPTIONS_FROM = 3
"""A slot's byte: no answer, don't know, not applicable, then its values in order."""

SPECIAL = {"no_answer": NO_ANSWER, "dont_know": DONT_KNOW, "not_applicable": NOT_APPLICABLE}

LAYOUT_VERSION = b"\x02"
CONTEXT_BYTES = 16
GROUP_BYTES = 8
NO_GROUP = bytes(GROUP_BYTES)
MOST_BYTES_OF_A_CHARACTER = 6
"""JSON writes a character in six bytes at most, or two such pairs for what UTF-16 needs two units for."""


class ForeignAnswer(ValueError):
    """An opened plaintext does not belong to the link, version and form it was stored under."""


@dataclass(frozen=True)
class CountedAnswer:
    """An opened answer: a byte for each slot, the own group's key, and whether anything at all was answered."""

    row: bytes
    group: bytes = NO_GROUP
    answered: bool = True


def answer_context(link_id: str, version: int, form_digest: str) -> bytes:
    """What ties a sealed answer to its link, version and form: 16 bytes inside the box."""
    text = f"{link_id}\0{version}\0{form_digest}".encode()
    return hashlib.sha256(text).digest()[:CONTEXT_BYTES]


def group_key(name: str) -> bytes:
    """What an answer says of the own group that was chosen: eight bytes, whatever the length of its name."""
    return hashlib.blake2b(name.encode(), digest_size=GROUP_BYTES).digest()


@dataclass(frozen=True)
class AnswerLayout:
    """How the answers to one form version stand in its plaintext: one byte for each slot, in order."""

    form: Form

    @cached_property
    def slots(self) -> tuple[Slot, ...]:
        """The slots of the form: the bytes of a row."""
        return self.form.slots

    @cached_property
    def codes(self) -> dict[str, dict[str, int]]:
        """For every slot, the byte of each value that may be given."""
        return {
            slot.id: {value: place for place, value in enumerate(slot.values, OPTIONS_FROM)}
            | ({"dont_know": DONT_KNOW} if question.dont_know else {})
            for question in self._tallied
            for slot in question.slots
        }

    def encode(self, answers: Answers, context: bytes) -> bytes:
        """The plaintext to seal: as long for an empty form as for a full one."""
        group = next((answers[item.id][0] for item in self._own_groups if item.id in answers), "")
        head = (group_key(group) if group else NO_GROUP) + bytes([bool(answers)])
        return LAYOUT_VERSION + context + head + bytes(self._row(answers))

    def decode(self, plaintext: bytes, context: bytes) -> CountedAnswer:
        """The counted part of an answer. Raises ForeignAnswer where it was made for something else."""
        head = LAYOUT_VERSION + context
        group, answered = plaintext[len(head) :][:GROUP_BYTES], plaintext[len(head) + GROUP_BYTES :][:1]
        row = plaintext[len(head) + GROUP_BYTES + 1 :]
        if not plaintext.startswith(head) or len(row) != len(self.slots):
            raise ForeignAnswer("made for another link, version or form")
        if any(byte not in allowed for byte, allowed in zip(row, self._allowed, strict=True)):
            raise ForeignAnswer("holds a value that the form does not have")
        return CountedAnswer(row, group, answered != b"\0")

    def encode_texts(self, answers: Answers, context: bytes) -> bytes | None:
        """What was written in the respondent's own words, padded to one length; None where the form asks for none."""
        if not self.form.texts_asked:
            return None
        written = {item.id: answers[item.id][0] for item in self.form.texts_asked if item.id in answers}
        text = json.dumps(written).encode("ascii")
        return LAYOUT_VERSION + context + text.ljust(self._longest_texts)

    def decode_texts(self, plaintext: bytes, context: bytes) -> dict[str, str]:
        """The texts by question. Raises ForeignAnswer where they were written for something else."""
        head = LAYOUT_VERSION + context
        if not plaintext.startswith(head):
            raise ForeignAnswer("written for another link, version or form")
        written: dict[str, str] = json.loads(plaintext[len(head) :])
        return written

    @cached_property
    def _own_groups(self) -> list[Question]:
        return [item for item in self.form.questions if item.kind is Kind.OWN_GROUP]

    @cached_property
    def _tallied(self) -> list[Question]:
        return [item for item in self.form.questions if item.slots]

    @cached_property
    def _allowed(self) -> list[frozenset[int]]:
        return [frozenset({NO_ANSWER, NOT_APPLICABLE, *codes.values()}) for codes in self.codes.values()]

    @cached_property
    def _longest_texts(self) -> int:
        empty = json.dumps({item.id: "" for item in self.form.texts_asked})
        characters = sum(item.longest or 0 for item in self.form.texts_asked)
        return len(empty) + 2 * MOST_BYTES_OF_A_CHARACTER * characters

    def _row(self, answers: Answers) -> list[int]:
        row = []
        for question in self._tallied:
            if not is_asked(question, answers):
                row += [NOT_APPLICABLE] * len(question.slots)
            elif question.id not in answers:
                row += [NO_ANSWER] * len(question.slots)
            elif tuple(answers[question.id]) == ("dont_know",):
                row += [DONT_KNOW] * len(question.slots)
            else:
                row += _BYTES.get(question.kind, _one_of_options)(question, answers[question.id])
        return row


def _one_of_options(question: Question, values: Sequence[str]) -> list[int]:
    return [OPTIONS_FROM + [option.id for option in question.options].index(values[0])]


def _each_of_choices(question: Question, values: Sequence[str]) -> list[int]:
    return [OPTIONS_FROM + (0 if option.id in values else 1) for option in question.options]


def _bin_of_number(question: Question, values: Sequence[str]) -> list[int]:
    assert question.number is not None
    return [OPTIONS_FROM + question.number.bin_of(int(values[0]))]


_BYTES: dict[Kind, Callable[[Question, Sequence[str]], list[int]]] = {
    Kind.CHOICES: _each_of_choices,
    Kind.NUMBER: _bin_of_number,
}

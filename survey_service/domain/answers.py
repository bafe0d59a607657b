"""From the fields of a sent form to a row of bytes whose length says nothing, and back."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from survey_service.domain.form import Form

NO_ANSWER, DONT_KNOW, NOT_APPLICABLE = 0, 1, 2
OPTIONS_FROM = 3
"""A question's byte: no answer, don't know, not applicable, then its options in order."""

SPECIAL = {"no_answer": NO_ANSWER, "dont_know": DONT_KNOW, "not_applicable": NOT_APPLICABLE}

LAYOUT_VERSION = b"\x01"
CONTEXT_BYTES = 16

Answers = Mapping[str, str]
"""From question id to option id or `dont_know`; a skipped question is absent."""


class UnknownField(ValueError):
    """The sent form has a field that is no question of it."""


class UnknownValue(ValueError):
    """A question was answered with something that is not one of its options, or more than once."""


class ForeignAnswer(ValueError):
    """An opened plaintext does not belong to the link, version and form it was stored under."""


def answer_context(link_id: str, version: int, form_digest: str) -> bytes:
    """What ties a sealed answer to its link, version and form: 16 bytes inside the box."""
    text = f"{link_id}\0{version}\0{form_digest}".encode()
    return hashlib.sha256(text).digest()[:CONTEXT_BYTES]


@dataclass(frozen=True)
class AnswerLayout:
    """How the answers to one form version stand in its plaintext: one byte for each question, in order."""

    form: Form

    @cached_property
    def codes(self) -> dict[str, dict[str, int]]:
        """For every question, the byte of each value that may be sent."""
        return {
            question.id: {option.id: place for place, option in enumerate(question.options, OPTIONS_FROM)}
            | ({"dont_know": DONT_KNOW} if question.dont_know else {})
            for question in self.form.questions
        }

    def read(self, fields: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """The answers in a sent form's fields. Raises UnknownField or UnknownValue."""
        answers = {}
        for name, values in fields.items():
            if name not in self.codes:
                raise UnknownField(name)
            if len(values) != 1 or values[0] not in self.codes[name]:
                raise UnknownValue(name)
            answers[name] = values[0]
        return answers

    def readable(self, fields: Mapping[str, Sequence[str]]) -> dict[str, str]:
        """The answers that can be understood, leaving out the rest: for giving a page back with its answers."""
        return {name: values[0] for name, values in fields.items() if values and values[0] in self.codes.get(name, ())}

    def encode(self, answers: Answers, context: bytes) -> bytes:
        """The plaintext to seal: as long for an empty form as for a full one."""
        row = bytes(
            codes[answers[question_id]] if question_id in answers else NO_ANSWER
            for question_id, codes in self.codes.items()
        )
        return LAYOUT_VERSION + context + row

    def decode(self, plaintext: bytes, context: bytes) -> bytes:
        """The row of question bytes. Raises ForeignAnswer where it was made for something else."""
        head = LAYOUT_VERSION + context
        row = plaintext[len(head) :]
        if not plaintext.startswith(head) or len(row) != len(self.codes):
            raise ForeignAnswer("made for another link, version or form")
        for byte, codes in zip(row, self.codes.values(), strict=True):
            if byte not in (NO_ANSWER, NOT_APPLICABLE) and byte not in codes.values():
                raise ForeignAnswer("holds a value that the form does not have")
        return row


def is_blank(row: bytes) -> bool:
    """Whether nothing was answered; *don't know* is an answer, and a question that was not asked is none."""
    return all(byte in (NO_ANSWER, NOT_APPLICABLE) for byte in row)

"""From the fields of a sent form to its answers: what every kind of question takes, and what it refuses."""

from collections.abc import Callable, Mapping, Sequence

from survey_service.domain.form import Form, Kind, Question

Answers = Mapping[str, Sequence[str]]
"""From question id to what was chosen or written: one value, several choices, or `dont_know`. Skipped is absent."""

MOST_DIGITS = 6


class UnknownField(ValueError):
    """The sent form has a field that is no question of it."""


class UnknownValue(ValueError):
    """A question was answered with something that it does not offer; its text is the question's id."""


def read_fields(
    form: Form, fields: Mapping[str, Sequence[str]], groups: Sequence[str] = ()
) -> dict[str, tuple[str, ...]]:
    """The answers in a sent form's fields; `groups` are those to choose an own group from.

    An answer to a follow-up whose condition does not hold is left out. Raises UnknownField or UnknownValue.
    """
    questions = _with_field(form)
    for name in fields:
        if name not in questions:
            raise UnknownField(name)
    answers: dict[str, tuple[str, ...]] = {}
    for question in questions.values():
        if question.id in fields and is_asked(question, answers):
            chosen = _read(question, fields[question.id], groups)
            if chosen:
                answers[question.id] = chosen
    return answers


def readable_fields(
    form: Form, fields: Mapping[str, Sequence[str]], groups: Sequence[str] = ()
) -> dict[str, tuple[str, ...]]:
    """What can be understood of the fields, for giving a page back with its answers; conditions do not matter."""
    readable: dict[str, tuple[str, ...]] = {}
    for question in _with_field(form).values():
        values = fields.get(question.id, ())
        try:
            readable[question.id] = _read(question, values, groups)
        except UnknownValue:
            if question.kind in (Kind.TEXT, Kind.NUMBER):
                readable[question.id] = tuple(values[:1])  # what was typed is there to be mended
    return {name: values for name, values in readable.items() if values}


def is_asked(question: Question, answers: Answers) -> bool:
    """Whether a follow-up's condition holds; always, for a question without one."""
    return question.when is None or any(
        value in question.when.values for value in answers.get(question.when.question, ())
    )


def _read_option(question: Question, values: Sequence[str], _: Sequence[str]) -> tuple[str, ...]:
    offered = {option.id for option in question.options} | ({"dont_know"} if question.dont_know else set())
    if len(values) > 1 or not offered.issuperset(values):
        raise UnknownValue(question.id)
    return tuple(values)


def _read_choices(question: Question, values: Sequence[str], _: Sequence[str]) -> tuple[str, ...]:
    chosen = tuple(option.id for option in question.options if option.id in values)
    others = set(values) - set(chosen)
    if others - ({"dont_know"} if question.dont_know else set()):
        raise UnknownValue(question.id)
    return chosen or tuple(others)  # who ticks something knows, whatever else was ticked


def _read_number(question: Question, values: Sequence[str], _: Sequence[str]) -> tuple[str, ...]:
    if list(values) == ["dont_know"] and question.dont_know:
        return ("dont_know",)
    typed = [value.strip() for value in values if value.strip() and value != "dont_know"]
    bounds = question.number
    if not typed:
        return ()
    if (
        bounds is None
        or len(typed) > 1
        or not (typed[0].isascii() and typed[0].isdigit() and len(typed[0]) <= MOST_DIGITS)
    ):
        raise UnknownValue(question.id)
    if not bounds.lowest <= int(typed[0]) <= bounds.highest:
        raise UnknownValue(question.id)
    return (str(int(typed[0])),)


def _read_text(question: Question, values: Sequence[str], _: Sequence[str]) -> tuple[str, ...]:
    if len(values) > 1:
        raise UnknownValue(question.id)
    text = "".join(values).replace("\r\n", "\n").strip()
    if len(text) > (question.longest or 0):
        raise UnknownValue(question.id)
    return (text,) if text else ()


def _read_own_group(question: Question, values: Sequence[str], groups: Sequence[str]) -> tuple[str, ...]:
    if len(values) > 1 or not set(groups).issuperset(values):
        raise UnknownValue(question.id)
    return tuple(values)


_READ: dict[Kind, Callable[[Question, Sequence[str], Sequence[str]], tuple[str, ...]]] = {
    Kind.SCALE: _read_option,
    Kind.CHOICE: _read_option,
    Kind.CHOICES: _read_choices,
    Kind.NUMBER: _read_number,
    Kind.TEXT: _read_text,
    Kind.OWN_GROUP: _read_own_group,
}


def _with_field(form: Form) -> dict[str, Question]:
    return {question.id: question for question in form.questions if question.kind is not Kind.INFORMATION}


def _read(question: Question, values: Sequence[str], groups: Sequence[str]) -> tuple[str, ...]:
    return _READ[question.kind](question, [value for value in values if value], groups)

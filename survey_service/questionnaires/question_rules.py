"""The linter's rules for one question: which keys go with which kind, drawings, and conditions of follow-ups."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from survey_service.domain.form import Kind
from survey_service.questionnaires.form_format import kind_of
from survey_service.questionnaires.lined_yaml import Place

Finding = tuple[Place, str]
"""What is wrong where, inside the part that was looked at."""

STEPS_OF_FACES = (3, 5)

ONLY_FOR = {
    "scale": {Kind.SCALE},
    "options": {Kind.CHOICE, Kind.CHOICES},
    "number": {Kind.NUMBER},
    "longest": {Kind.TEXT},
    "dont_know": {Kind.SCALE, Kind.CHOICE, Kind.CHOICES, Kind.NUMBER},
}
"""Keys that not every kind of question has."""

NEEDED = {Kind.SCALE: "scale", Kind.CHOICE: "options", Kind.CHOICES: "options", Kind.NUMBER: "number"}
"""The key that a kind cannot do without."""

CAN_BE_FOLLOWED_UP = frozenset({Kind.SCALE, Kind.CHOICE, Kind.CHOICES})


@dataclass(frozen=True)
class Surroundings:
    """What a question is judged by: its form, all scales (None where they cannot be read), the names of drawings."""

    form: dict[str, Any]
    scales: dict[str, Any] | None
    symbols: frozenset[str]


def of_question(question: dict[str, Any], around: Surroundings) -> Iterator[Finding]:
    """What is wrong with a question by itself and for the people whom its form is for."""
    kind = kind_of(question)
    if kind is None and "type" not in question:
        yield (), "a question has either `scale` or `options`, or a `type`: give it one of them"
    if kind is Kind.SCALE or kind is Kind.CHOICE:
        yield from _of_options_or_scale(question, kind)
    elif kind:
        yield from _of_keys(question, kind)
    yield from _of_scale_used(question, around.scales)
    yield from _of_dont_know(question)
    yield from _of_audience(kind, around.form)
    yield from _of_bounds(question.get("number"))
    yield from _of_symbols(question, _mappings(question, "options"), around.symbols)


def of_form(form: dict[str, Any], questions: Sequence[tuple[Place, dict[str, Any]]]) -> Iterator[Finding]:
    """What is wrong with the form for the people whom it is for."""
    if form.get("adult_reads") is True and form.get("audience") != "child":
        yield ("adult_reads",), "only for the audience child does an adult read and tap: take `adult_reads` away"
    own_groups = [at for at, question in questions if kind_of(question) is Kind.OWN_GROUP]
    for at in own_groups[1:]:
        yield at, "the group of the child is asked for twice: keep the first"


def of_scale(
    scale_id: str, scale: dict[str, Any], options: Sequence[dict[str, Any]], symbols: frozenset[str]
) -> Iterator[Finding]:
    """What is wrong with a scale beyond its shape."""
    positive = [bool(option.get("positive")) for option in options]
    if options and (not positive[0] or positive != sorted(positive, reverse=True)):
        yield (), f"scale {scale_id} must say `positive: true` of its first options, best first"
    if scale.get("faces") is True and len(options) not in STEPS_OF_FACES:
        yield ("faces",), f"there are faces for 3 or 5 steps, and {scale_id} has {len(options)}: take `faces` away"
    yield from _of_symbols({}, options, symbols)


def of_condition(
    question: dict[str, Any], earlier: Sequence[dict[str, Any]], scales: dict[str, Any]
) -> Iterator[Finding]:
    """What is wrong with the condition of a follow-up, given the questions before it."""
    when = question.get("when")
    if not isinstance(when, dict):
        return
    asked = next((other for other in earlier if other.get("id") == when.get("question")), None)
    if asked is None:
        yield ("when", "question"), f"no earlier question is called {when.get('question')}: name one that comes before"
    elif kind_of(asked) not in CAN_BE_FOLLOWED_UP:
        yield ("when", "question"), f"{asked['id']} has no options, so nothing can depend on its answer"
    else:
        known = _values(asked, scales)
        for place, value in enumerate(when["is"] if isinstance(when.get("is"), list) else []):
            if known and value not in known:
                yield ("when", "is", place), f"{asked['id']} has no answer {value}: choose among {', '.join(known)}"


def _of_options_or_scale(question: dict[str, Any], kind: Kind) -> Iterator[Finding]:
    if ("scale" in question) == ("options" in question):
        yield (), "a question has either `scale` or `options`, or a `type`: give it one of them"
    elif NEEDED[kind] not in question:
        yield ("type",), f"a question of type {kind} needs `{NEEDED[kind]}`: add it, or take `type` away"
    if "scale" not in question and question.get("reversed"):
        yield ("reversed",), "only a question on a scale can be reversed: take `reversed` away"
    yield from (
        (key, f"a question of type {kind} has no `{key[0]}`: take it away")
        for key in (("number",), ("longest",))
        if key[0] in question
    )


def _of_keys(question: dict[str, Any], kind: Kind) -> Iterator[Finding]:
    if (needed := NEEDED.get(kind)) and needed not in question:
        yield ("type",), f"a question of type {kind} needs `{needed}`: add it"
    for key, kinds in ONLY_FOR.items():
        if key in question and kind not in kinds:
            yield (key,), f"a question of type {kind} has no `{key}`: take it away"
    if question.get("reversed"):
        yield ("reversed",), "only a question on a scale can be reversed: take `reversed` away"


def _of_scale_used(question: dict[str, Any], scales: dict[str, Any] | None) -> Iterator[Finding]:
    scale = question.get("scale")
    if not isinstance(scale, str) or scales is None:
        return
    if scale not in scales:
        yield ("scale",), f"no scale is called {scale}: choose one of {', '.join(scales) or 'none yet'}"
    elif isinstance(scales[scale], dict) and scales[scale].get("faces") is True and question.get("reversed"):
        yield ("reversed",), "faces would smile at the worst answer: take `reversed` away, or ask the other way round"


def _of_dont_know(question: dict[str, Any]) -> Iterator[Finding]:
    dont_know = question.get("dont_know")
    if "scale" in question and isinstance(dont_know, str):
        yield ("dont_know",), "a question on a scale has the scale's don't know: take it away, or write false"
    if "scale" not in question and dont_know is False:
        yield ("dont_know",), "there is no don't know to leave out: take `dont_know` away"


def _of_audience(kind: Kind | None, form: dict[str, Any]) -> Iterator[Finding]:
    audience = form.get("audience")
    if kind is Kind.TEXT and audience in ("child", "pupil") and form.get("free_text") is not True:
        yield (
            ("type",),
            "children are not asked for texts, which can tell who wrote: the form must say `free_text: true`",
        )
    if kind is Kind.OWN_GROUP and audience != "guardian":
        yield ("type",), "only guardians are asked for the group of their child: take the question away"


def _of_bounds(number: Any) -> Iterator[Finding]:
    if not isinstance(number, dict):
        return
    lowest, highest, bins = number.get("lowest"), number.get("highest"), number.get("bins")
    if not (isinstance(lowest, int) and isinstance(highest, int) and isinstance(bins, list)):
        return
    if lowest >= highest:
        yield ("number", "highest"), "`highest` must be more than `lowest`"
    elif not bins or not all(isinstance(first, int) for first in bins) or bins != sorted(set(bins)):
        yield ("number", "bins"), "`bins` must be the smallest number of each bin, ascending"
    elif bins[0] != lowest or bins[-1] > highest:
        yield ("number", "bins"), f"the first bin must begin with {lowest}, and the last with {highest} at most"


def _of_symbols(
    question: dict[str, Any], options: Sequence[dict[str, Any]], known: frozenset[str]
) -> Iterator[Finding]:
    named = [((), question), *((("options", place), option) for place, option in enumerate(options))]
    for at, part in named:
        symbol = part.get("symbol")
        if isinstance(symbol, str) and symbol not in known:
            yield (*at, "symbol"), f"no drawing is called {symbol}: choose one of {', '.join(sorted(known))}"


def _values(question: dict[str, Any], scales: dict[str, Any]) -> list[str]:
    """The answers that a question offers; none where its scale cannot be read."""
    scale = scales.get(str(question.get("scale")), {})
    holder = question if "options" in question else scale if isinstance(scale, dict) else {}
    offered = [str(option.get("id")) for option in _mappings(holder, "options")]
    has_dont_know = bool(holder.get("dont_know")) and question.get("dont_know") is not False
    return offered + ["dont_know"] * (has_dont_know and bool(offered))


def _mappings(data: dict[str, Any], key: str) -> list[dict[str, Any]]:
    value = data.get(key)
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []

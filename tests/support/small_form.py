"""A form small enough to count by hand: a plain and a reversed question, an index of both, and a breakdown."""

from survey_service.domain.form import Form, Index, Kind, Option, Question, Scale, Section


def options(*ids: str) -> tuple[Option, ...]:
    """Options whose text is their id."""
    return tuple(Option(name, name.capitalize()) for name in ids)


AGREE = Scale(
    "agree-4", options("fully", "mostly", "slightly", "not_at_all"), frozenset({"fully", "mostly"}), "Vet inte"
)
OFTEN = Scale("often-5", options("always", "often", "sometimes", "seldom", "never"), frozenset({"always", "often"}))

SAFE = Question("safe", "Jag är trygg.", AGREE.options, AGREE, AGREE.dont_know)
NOISY = Question("noisy", "Hur ofta är det stökigt?", OFTEN.options, OFTEN, reversed=True)
GENDER = Question("gender", "Jag är", options("girl", "boy", "other"), dont_know="Vill inte säga", kind=Kind.CHOICE)

SMALL_FORM = Form(
    id="small",
    version=1,
    audience="pupil",
    presentation="sections",
    voice="child",
    title="Så är det",
    introduction="Berätta.",
    sections=(Section("calm", "Studiero", (SAFE, NOISY)), Section("about_you", "Om dig", (GENDER,))),
    indexes=(Index("calm", "Studiero", ("safe", "noisy")),),
    breakdowns=("gender",),
)

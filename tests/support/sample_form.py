"""A form and its scales as text, in which tests of the linter plant faults."""

from pathlib import Path

from survey_service.questionnaires.check import check_forms
from survey_service.questionnaires.lined_yaml import Problem

SCALES = """\
agree-4:
  options:
    - {id: fully, text: "Stämmer helt", positive: true}
    - {id: mostly, text: "Stämmer mest", positive: true}
    - {id: slightly, text: "Stämmer lite"}
    - {id: not_at_all, text: "Stämmer inte"}
  dont_know: "Vet inte"
faces-3:
  options:
    - {id: glad, text: "Glad", positive: true}
    - {id: neutral, text: "Varken eller"}
    - {id: sad, text: "Ledsen"}
"""

FORM = """\
form: sample
version: 1
audience: pupil
presentation: one-at-a-time
voice: child
title: "Titel"
introduction: "Berätta."
sections:
  - id: safety
    title: "Trygghet"
    questions:
      - {id: safe, text: "Jag är trygg.", scale: agree-4}
      - {id: calm, text: "Det är lugnt.", scale: agree-4}
  - id: about
    title: "Om dig"
    questions:
      - {id: mood, text: "Så känns det.", scale: faces-3}
      - id: gender
        text: "Vem är du?"
        options:
          - {id: girl, text: "Flicka"}
          - {id: boy, text: "Pojke"}
indexes:
  - id: safety
    title: "Trygghet"
    questions: [safe, calm]
breakdowns: [gender]
"""


def check(folder: Path, form: str = FORM, scales: str = SCALES) -> list[Problem]:
    (folder / "sample").mkdir(exist_ok=True)
    (folder / "sample" / "form.yaml").write_text(form)
    (folder / "scales.yaml").write_text(scales)
    return check_forms(folder)


def altered(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)

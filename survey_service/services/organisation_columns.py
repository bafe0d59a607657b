"""The columns of the organisation file: what they are called, and what a cell in each of them means."""

import re
from collections.abc import Callable
from typing import Any

from survey_service.domain.organisation import OPERATOR_KINDS, SCHOOL_FORMS, Grades

COLUMNS: dict[str, tuple[str, ...]] = {
    "municipality_code": ("kommunkod",),
    "municipality": ("kommun", "kommunnamn"),
    "operator_code": ("huvudmannakod", "huvudman_kod", "organisationsnummer", "huvudman_orgnr"),
    "operator": ("huvudman", "huvudmannanamn", "huvudman_namn"),
    "operator_kind": ("huvudmannatyp", "huvudman_typ", "driftsform"),
    "unit_code": ("enhetskod", "skolenhetskod"),
    "unit_name": ("enhet", "enhetsnamn", "skolenhet", "skolenhetsnamn", "skola", "förskola"),
    "school_form": ("skolform", "verksamhetsform"),
    "group_name": ("grupp", "gruppnamn", "klass", "avdelning"),
    "grade": ("årskurs", "åk"),
    "pupils": ("elever", "barn", "antal_elever", "antal_barn"),
    "guardians": ("vårdnadshavare", "antal_vårdnadshavare"),
    "staff": ("personal", "antal_personal", "medarbetare"),
    "heads": ("rektorer", "rektor", "antal_rektorer"),
    "contact_email": ("e_post", "epost", "kontakt_e_post", "kontakt_epost", "kontakt"),
}
"""Columns in their order, each with the Swedish header names that mean the same."""

COUNTS = ("pupils", "guardians", "staff", "heads")
OPTIONAL = {"grade", "guardians", "staff", "heads", "contact_email"}

LONGEST_NAME = 200
LONGEST_CODE = 20
LONGEST_ADDRESS = 254

OPERATOR_KIND_NAMES = {"kommunal": "municipal", "fristående": "independent", "enskild": "independent"} | {
    kind: kind for kind in OPERATOR_KINDS
}
SCHOOL_FORM_NAMES = {name: form for form, name in SCHOOL_FORMS.items()} | {form: form for form in SCHOOL_FORMS}


def _name(text: str) -> str:
    if not text:
        raise ValueError("this is empty")
    return _group_name(text)


def _group_name(text: str) -> str:
    if len(text) > LONGEST_NAME:
        raise ValueError(f"this is longer than {LONGEST_NAME} characters")
    return text


def _code(text: str) -> str:
    if not re.fullmatch(rf"\w[\w.-]{{0,{LONGEST_CODE - 1}}}", text):
        rule = f"1 to {LONGEST_CODE} letters and digits, with - . _ between them"
        raise ValueError(f"{text!r} is not a code: {rule}")
    return text


def _municipality_code(text: str) -> str:
    if not re.fullmatch("[0-9]{4}", text):
        raise ValueError(f"{text!r} is not a municipality's code: four digits")
    return text


def _one_of(known: dict[str, str]) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text.casefold() not in known:
            raise ValueError(f"{text!r} is unknown; known are {', '.join(dict.fromkeys(known.values()))}")
        return known[text.casefold()]

    return parse


def _grade(text: str) -> Grades | None:
    return Grades.parse(text) if text else None


def _count(text: str) -> int | None:
    if not text:
        return None
    if not re.fullmatch("[0-9]{1,9}", text):
        raise ValueError(f"{text!r} is not a number of people: 0, 1, 2 and so on, or empty if not known")
    return int(text)


def _email(text: str) -> str:
    if text and (len(text) > LONGEST_ADDRESS or not re.fullmatch(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s.,;<>]+", text)):
        raise ValueError(f"{text!r} is not an e-mail address")
    return text


PARSERS: dict[str, Callable[[str], Any]] = {
    "municipality_code": _municipality_code,
    "municipality": _name,
    "operator_code": _code,
    "operator": _name,
    "operator_kind": _one_of(OPERATOR_KIND_NAMES),
    "unit_code": _code,
    "unit_name": _name,
    "school_form": _one_of(SCHOOL_FORM_NAMES),
    "group_name": _group_name,
    "grade": _grade,
    "contact_email": _email,
} | dict.fromkeys(COUNTS, _count)
"""What a cell of each column means; a ValueError says why it means nothing."""

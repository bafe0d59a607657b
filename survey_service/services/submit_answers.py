"""Take a sent form: seal its answers and store them exactly once, or say why not."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from survey_service.domain.access import NoSeatsLeft, Replaced
from survey_service.domain.answer_fields import read_fields
from survey_service.domain.answers import answer_context
from survey_service.domain.form_token import FormToken
from survey_service.domain.sealing import seal
from survey_service.services.enter_link import check_door
from survey_service.services.forms_in_use import FormInUse
from survey_service.storage.database import Database, lock_link
from survey_service.storage.links import Entrance, find_entrance
from survey_service.storage.sealed_answers import add_receipt, add_sealed, add_sealed_text


def submit_answers(
    database: Database,
    *,
    entrance: Entrance,
    token: FormToken,
    form: FormInUse,
    fields: Mapping[str, Sequence[str]],
    groups: Sequence[str] = (),
    sealing_key: bytes,
    now: datetime,
) -> None:
    """Store the answers sealed, with a receipt, in one transaction; a submission that arrived before changes nothing.

    `groups` are those to choose an own group from. `entrance` may be a minute old: whether the link is open is
    decided anew inside the transaction.
    Raises UnknownField, UnknownValue, NotYetOpen, Closed, Replaced or NoSeatsLeft; then nothing was stored.
    """
    answers = read_fields(form.form, fields, groups)
    context = answer_context(token.link_id, token.version, form.digest)
    box = seal(sealing_key, form.layout.encode(answers, context))
    texts = form.layout.encode_texts(answers, context)
    text_box = None if texts is None else seal(sealing_key, texts)
    with database.write() as connection:
        # Links with seats are filled one answer at a time, so that the last seat is given once.
        lock_link(connection, token.link_id, alone=entrance.link.seats is not None)
        current = find_entrance(connection, token.link_id)
        if current is None:
            raise Replaced("the link was taken away")
        if not add_receipt(connection, token.link_id, token.version, token.submission_id):
            return
        if token.version != current.link.version:
            raise Replaced("a newer version of this link exists")
        check_door(current, now, sending=True)
        if current.is_full:
            raise NoSeatsLeft("the link has no seats left")
        add_sealed(connection, token.link_id, token.version, box)
        if text_box is not None:
            add_sealed_text(connection, token.link_id, token.version, text_box)

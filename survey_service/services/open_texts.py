"""Open what was written in free text: all texts of a collection together, shuffled, beside nothing else."""

import random
from collections.abc import Collection, Sequence

from survey_service.domain.access import Link
from survey_service.domain.answers import ForeignAnswer, answer_context
from survey_service.domain.counting_key import CountingKey, Unopenable
from survey_service.services.forms_in_use import FormInUse
from survey_service.storage.comments import Comment
from survey_service.storage.database import Connection
from survey_service.storage.sealed_answers import remove_texts, texts_waiting


def open_texts(
    connection: Connection, key: CountingKey, form: FormInUse, links: Sequence[Link], units: Collection[str]
) -> list[Comment]:
    """The texts written at these links, in random order, for the `units` that have answers enough; all are destroyed.

    Texts of other units are never opened.
    """
    comments = []
    for link in links:
        for version, box in texts_waiting(connection, link.id) if link.unit_code in units else ():
            context = answer_context(link.id, version, form.digest)
            try:
                written = form.layout.decode_texts(key.open_answer(box), context)
            except (Unopenable, ForeignAnswer):
                continue  # its answer is in quarantine and reported there
            comments += [Comment(link.unit_code, question, text) for question, text in written.items()]
        remove_texts(connection, link.id)
    random.SystemRandom().shuffle(comments)
    return comments

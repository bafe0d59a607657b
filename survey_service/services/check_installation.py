"""What is wrong with an installation and how to mend it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from survey_service.domain.access import key_fingerprint
from survey_service.domain.counting_key import public_part
from survey_service.settings import KEYS, Settings
from survey_service.storage.database import Connection, Database
from survey_service.storage.installation import RECOVERY_CONFIRMED, WORKER_SEEN, fact
from survey_service.storage.rounds import list_rounds
from survey_service.storage.running_tallies import tallies_of
from survey_service.storage.schema import current_revision, head_revision
from survey_service.storage.sealed_answers import receipts_per_link, waiting_per_link

WORKER_LATE = timedelta(minutes=5)


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at; `mend` says what to do and is empty where all is well."""

    what: str
    mend: str = ""

    @property
    def well(self) -> bool:
        """Whether there is nothing to do."""
        return not self.mend


def check_installation(database: Database, settings: Settings, now: datetime) -> list[Finding]:
    """Everything that can be checked, in the order in which to mend it. Raises DatabaseAway."""
    findings = [*_keys(settings)]
    at, needed = current_revision(database), head_revision()
    if at != needed:
        return [*findings, Finding(f"the database's schema is at {at or 'nothing'}", "run `survey-service init`")]
    findings.append(Finding(f"the database's schema is at {at}"))
    with database.read() as connection:
        findings += _rounds(connection, settings)
        findings += _equation(connection)
        findings += _worker(connection, now)
    return findings


def unbalanced(connection: Connection) -> list[str]:
    """Link versions for which received = counted + waiting + quarantined + voided does not hold, each in words."""
    receipts, waiting = receipts_per_link(connection), waiting_per_link(connection)
    tallies = {(tally.link_id, tally.version): tally for tally in tallies_of(connection)}
    wrong = []
    for place in sorted({*receipts, *waiting, *tallies}):
        tally = tallies.get(place)
        received = receipts.get(place, 0)
        parts = [waiting.get(place, 0)]
        if tally is not None:
            received = received if tally.received is None else tally.received
            parts = [tally.counted, waiting.get(place, 0), tally.quarantined, tally.voided]
        if received != sum(parts):
            wrong.append(f"link {place[0]} version {place[1]}: received {received}, found {sum(parts)}")
    return wrong


def _keys(settings: Settings) -> Iterator[Finding]:
    for name, purpose in KEYS.items():
        there = bool(settings.keys[name])
        yield Finding(
            f"the {name} key ({purpose}) is {'there' if there else 'missing'}",
            "" if there else "run `survey-service init`, or point to it; this is right where the key is kept elsewhere",
        )
    counting, sealing = settings.keys["counting"], settings.keys["sealing"]
    if counting and sealing and sealing[0] not in {public_part(key) for key in counting}:
        yield Finding(
            "the sealing key belongs to none of the counting keys",
            "answers are being sealed that cannot be counted: put the right sealing key back at once",
        )


def _rounds(connection: Connection, settings: Settings) -> Iterator[Finding]:
    confirmed = fact(connection, RECOVERY_CONFIRMED) is not None
    yield Finding(
        f"the counting key's recovery sheet is {'in safe-keeping' if confirmed else 'not confirmed'}",
        "" if confirmed else "store the sheet that `survey-service init` prints, then `init --confirm CHECK-WORD`",
    )
    there = {key_fingerprint(key) for key in settings.keys["link"]}
    for survey_round in list_rounds(connection):
        if there and survey_round.link_key not in there:
            yield Finding(
                f"the codes of round {survey_round.id} were made with link key {survey_round.link_key}",
                "put that key back as an older line of the link key: without it no code can be printed again",
            )


def _equation(connection: Connection) -> Iterator[Finding]:
    wrong = unbalanced(connection)
    if not wrong:
        yield Finding("received = counted + waiting + quarantined + voided, for every link and version")
    for line in wrong:
        yield Finding(line, "answers were lost or doubled outside the service: compare with the latest backup")
    quarantined = sum(tally.quarantined for tally in tallies_of(connection))
    if quarantined:
        yield Finding(
            f"{quarantined} sealed answers did not open and are kept apart",
            "they were sealed to another key or damaged: check that the sealing key is the right one",
        )


def _worker(connection: Connection, now: datetime) -> Iterator[Finding]:
    seen = fact(connection, WORKER_SEEN)
    late = seen is None or now - datetime.fromisoformat(seen) > WORKER_LATE
    yield Finding(f"the worker was last seen {seen or 'never'}", "start `survey-service worker`" if late else "")

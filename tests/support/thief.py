"""A thief who has stolen a database's files, and knows how SQLite and PostgreSQL lay them out."""

import re
import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import StatisticsError, correlation

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox

from survey_service.storage.database import Database
from tests.support.postgres import PostgresServer

KEY_BYTES = 32
LIKE_A_KEY = 23
"""Fewest distinct bytes among the 32 with which a sealed box begins: chance gives 30, and never fewer than this."""

ROW_ID = re.compile(rb"(?:-[0-9a-f]{12})?([0-9a-f]{32})")
"""A row's random id; in SQLite it stands right behind the link's."""

HEAP_PAGE, PAGE_HEADER = 8192, 24
NORMAL_TUPLE = 1
LOG_HEADER, FRAME_HEADER = 32, 24

NAMES = """
    SELECT pg_relation_filepath(class.oid), coalesce(owner.relname || ' overflow', class.relname)
    FROM pg_class AS class
    LEFT JOIN pg_class AS owner ON owner.reltoastrelid = class.oid
    WHERE pg_relation_filepath(class.oid) IS NOT NULL
"""


@dataclass(frozen=True)
class Loot:
    """Bytes of every file of a database by what it holds, and of its write-ahead log."""

    files: Mapping[str, bytes]
    log: Mapping[str, bytes]

    def where(self, needle: bytes) -> list[str]:
        """Names of the files that hold these bytes; the log is not searched."""
        return [name for name, content in self.files.items() if needle in content]

    def own_files(self) -> Iterator[bytes]:
        """Files of the service's own tables, and those that are no table's."""
        for name, content in self.files.items():
            is_map = name.endswith(("_fsm", "_vm", "pg_internal.init"))
            if not is_map and not name.startswith(("pg_", "sql_")):
                yield content


def steal(database: Database, server: PostgresServer | None) -> Loot:
    """Copy the files as they are on the disk at this moment; `server` is None for SQLite."""
    return _steal_sqlite(database) if server is None else _steal_postgresql(database, server)


def _steal_sqlite(database: Database) -> Loot:
    beside = database.file.parent.glob(f"{database.file.name}*")
    log = {"-wal": Path(f"{database.file}-wal").read_bytes()}
    with database.engine.connect() as connection:
        # What a busier database would have done by itself; the log keeps its content until it is begun anew.
        connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").all()
    files = {path.name.removeprefix(database.file.name) or "main": path.read_bytes() for path in beside}
    return Loot({name: content for name, content in files.items() if name not in log}, log)


def _steal_postgresql(database: Database, server: PostgresServer) -> Loot:
    data = server.directory / "data"
    with server.connect(str(database.url.database)) as connection:
        connection.execute("CHECKPOINT")
        names = dict(connection.execute(NAMES).fetchall())
        (folder,) = connection.execute(
            "SELECT 'base/' || oid FROM pg_database WHERE datname = current_database()"
        ).fetchone() or ("",)
    paths = (f"{folder}/{path.name}" for path in (data / folder).iterdir())
    files = {names.get(path, path): (data / path).read_bytes() for path in paths}
    return Loot(files, {path.name: path.read_bytes() for path in (data / "pg_wal").iterdir() if path.is_file()})


def open_boxes(content: bytes, counting_key: bytes, length: int) -> Iterator[bytes]:
    """Plaintexts of all sealed boxes of that length, wherever in a file they stand."""
    box = SealedBox(PrivateKey(counting_key))
    for start in range(len(content) - length + 1):
        # The last bit of an X25519 key is never set, and neither text nor numbers look as random.
        if content[start + KEY_BYTES - 1] < 128 and len(set(content[start : start + KEY_BYTES])) >= LIKE_A_KEY:
            try:
                yield bytes(box.decrypt(content[start : start + length]))
            except CryptoError:
                continue


def heap_rows(relation: bytes) -> Iterator[tuple[int, bytes]]:
    """(xmin, bytes) of every row of a PostgreSQL table's file, dead ones too, in the order of their ctids."""
    for start in range(0, len(relation), HEAP_PAGE):
        page = relation[start : start + HEAP_PAGE]
        (end_of_pointers,) = struct.unpack_from("<H", page, 12)
        for (pointer,) in struct.iter_unpack("<I", page[PAGE_HEADER : max(end_of_pointers, PAGE_HEADER)]):
            offset, state, length = pointer & 0x7FFF, pointer >> 15 & 3, pointer >> 17
            if state == NORMAL_TUPLE:
                row = page[offset : offset + length]
                yield int.from_bytes(row[:4], "little"), row


def log_commits(log: bytes) -> Iterator[bytes]:
    """The pages that each transaction wrote to SQLite's write-ahead log, oldest first."""
    if len(log) < LOG_HEADER:
        return
    (page_size,), salts = struct.unpack_from(">I", log, 8), log[16:24]
    pages = b""
    for start in range(LOG_HEADER, len(log), FRAME_HEADER + page_size):
        header = log[start : start + FRAME_HEADER]
        if header[8:16] != salts:
            return  # what follows is left from before the log was begun anew
        pages += log[start + FRAME_HEADER : start + FRAME_HEADER + page_size]
        if any(header[4:8]):
            yield pages
            pages = b""


@dataclass(frozen=True)
class Tie:
    """What a thief with the counting key believes: this submission sent this plaintext."""

    submission_id: str
    plaintext: bytes


@dataclass(frozen=True)
class KeyThief:
    """A thief who has the counting key besides, and knows which ids are receipts: they stand in a table."""

    counting_key: bytes
    box_lengths: frozenset[int]
    receipts: frozenset[str]

    def ties_by_log(self, loot: Loot) -> list[Tie]:
        """SQLite's log has the pages of each transaction."""
        return self._ties([pages] for pages in log_commits(loot.log["-wal"]))

    def ties_by_xmin(self, loot: Loot) -> list[Tie]:
        """PostgreSQL's rows, dead ones too, bear their transaction's number."""
        transactions: dict[int, list[bytes]] = {}
        for name in ("receipt", "sealed_answer"):
            for number, row in heap_rows(loot.files[name]):
                transactions.setdefault(number, []).append(row)
        return self._ties(transactions.values())

    def _ties(self, transactions: Iterable[Sequence[bytes]]) -> list[Tie]:
        """Receipt and box that are new in the same transaction belong together; each is given as what it wrote."""
        seen: set[bytes] = set()
        ties = []
        for parts in transactions:
            fresh, plaintexts = [], []
            for part in parts:
                for found in ROW_ID.finditer(part):
                    if found[1] not in seen:
                        seen.add(found[1])
                        fresh.append(found[1].decode())
                        plaintexts += self._open_at(part, found.end())
            receipts = self.receipts.intersection(fresh)
            if len(receipts) == len(plaintexts) == 1:
                ties.append(Tie(*receipts, *plaintexts))
        return ties

    def _open_at(self, content: bytes, place: int) -> list[bytes]:
        """The plaintext of the box after a row's id; PostgreSQL writes its length in one byte or four before it."""
        private = SealedBox(PrivateKey(self.counting_key))
        for start in (place, place + 1, place + 4):
            for length in self.box_lengths:
                try:
                    return [bytes(private.decrypt(content[start : start + length]))]
                except (CryptoError, ValueError, TypeError):
                    continue
        return []


def rank_correlation(places: Sequence[object]) -> float:
    """Spearman's rho between the order of a sequence and the order of its values, from -1 to 1; 0 if all are alike."""
    ordered = sorted(places)  # type: ignore[type-var]
    ranks = [ordered.index(place) + (ordered.count(place) - 1) / 2 for place in places]
    try:
        return correlation(range(len(places)), ranks)
    except StatisticsError:
        return 0.0

"""Records: the sandboxes' memory, by kind and key, mirrored into one SQLite file when a path is given."""

from __future__ import annotations

import json
import sqlite3
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

_SCHEMA = """
CREATE TABLE IF NOT EXISTS records (
    position INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, document TEXT NOT NULL,
    UNIQUE (kind, key)
);
CREATE TABLE IF NOT EXISTS counters (kind TEXT PRIMARY KEY, last_id INTEGER NOT NULL);
"""
_PUT = """
INSERT INTO records (kind, key, document) VALUES (?, ?, ?)
ON CONFLICT (kind, key) DO UPDATE SET document = excluded.document
"""
_COUNT = """
INSERT INTO counters (kind, last_id) VALUES (?, ?) ON CONFLICT (kind) DO UPDATE SET last_id = excluded.last_id
"""


class _Index:
    """Keys of one kind by a value that is computed from each record."""

    def __init__(self, values: Callable[[dict[str, Any]], Iterable[str]]) -> None:
        self._values = values
        self._keys: dict[str, dict[str, None]] = {}
        self._entered: dict[str, tuple[str, ...]] = {}

    def enter(self, key: str, record: dict[str, Any]) -> None:
        new = tuple(self._values(record))
        old = self._entered.get(key, ())
        if new == old:
            return
        for value in old:
            self._keys[value].pop(key, None)
        for value in new:
            self._keys.setdefault(value, {})[key] = None
        self._entered[key] = new

    def leave(self, key: str) -> None:
        for value in self._entered.pop(key, ()):
            self._keys[value].pop(key, None)

    def keys(self, value: str) -> dict[str, None]:
        return self._keys.get(value, {})

    def clear(self) -> None:
        self._keys.clear()
        self._entered.clear()


class Records:
    """Documents that live in memory; with a path they survive a restart.

    `get`, `all` and `find` hand out the kept documents themselves, not copies: whoever changes one calls
    `put` again, which also keeps the indexes and the file right. Documents must be JSON-able.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._documents: dict[str, dict[str, dict[str, Any]]] = {}
        self._counters: dict[str, int] = {}
        self._indexes: dict[str, dict[str, _Index]] = {}
        self._file: sqlite3.Connection | None = None
        if path is not None:
            self._file = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
            self._file.execute("PRAGMA journal_mode = WAL")
            self._file.execute("PRAGMA synchronous = NORMAL")
            self._file.executescript(_SCHEMA)
            self._load(self._file)

    def _load(self, file: sqlite3.Connection) -> None:
        for kind, key, document in file.execute("SELECT kind, key, document FROM records ORDER BY position"):
            self._documents.setdefault(kind, {})[key] = json.loads(document)
        self._counters.update(file.execute("SELECT kind, last_id FROM counters"))

    def put(self, kind: str, key: str, record: dict[str, Any]) -> None:
        """Keep the record; a key that is known keeps its place in the insertion order."""
        self._documents.setdefault(kind, {})[key] = record
        indexes = self._indexes.get(kind)
        if indexes:
            for index in indexes.values():
                index.enter(key, record)
        if self._file is not None:
            self._file.execute(_PUT, (kind, key, json.dumps(record)))

    def get(self, kind: str, key: str) -> dict[str, Any] | None:
        """Return the record, or None."""
        documents = self._documents.get(kind)
        return None if documents is None else documents.get(key)

    def all(self, kind: str) -> list[dict[str, Any]]:
        """Return every record of the kind, in insertion order."""
        return list(self._documents.get(kind, {}).values())

    def delete(self, kind: str, key: str) -> None:
        """Forget the record; an unknown key is fine."""
        if self._documents.get(kind, {}).pop(key, None) is None:
            return
        for index in self._indexes.get(kind, {}).values():
            index.leave(key)
        if self._file is not None:
            self._file.execute("DELETE FROM records WHERE kind = ? AND key = ?", (kind, key))

    def next_id(self, kind: str) -> int:
        """Count up: 1, 2, 3 and so on for each kind, never used twice, also after a restart."""
        number = self._counters.get(kind, 0) + 1
        self._counters[kind] = number
        if self._file is not None:
            self._file.execute(_COUNT, (kind, number))
        return number

    def add_index(self, kind: str, name: str, values: Callable[[dict[str, Any]], Iterable[str]]) -> None:
        """Make `find(kind, name, value)` possible: `values` lists under which values a record is found.

        An index that exists under this name stays as it is, so whoever needs one may declare it each time.
        """
        if name in self._indexes.get(kind, {}):
            return
        index = _Index(values)
        for key, record in self._documents.get(kind, {}).items():
            index.enter(key, record)
        self._indexes.setdefault(kind, {})[name] = index

    def find(self, kind: str, name: str, value: str) -> list[dict[str, Any]]:
        """Return the records that the index holds under the value, in the order in which they came there.

        Raises:
            KeyError: the kind has no index of this name.
        """
        keys = self._indexes[kind][name].keys(value)
        if not keys:
            return []
        documents = self._documents[kind]
        return [documents[key] for key in keys]

    def clear(self) -> None:
        """Forget all records and counters; indexes stay declared."""
        self._documents.clear()
        self._counters.clear()
        for indexes in self._indexes.values():
            for index in indexes.values():
                index.clear()
        if self._file is not None:
            self._file.execute("DELETE FROM records")
            self._file.execute("DELETE FROM counters")

    def close(self) -> None:
        """Close the file, if there is one."""
        if self._file is not None:
            self._file.close()
            self._file = None

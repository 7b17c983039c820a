"""Waiting questions are put into groups of one meaning.

A group, once made, keeps its id and its members: new questions join it or make groups of their own, and only people merge groups or take
a question out of one. So what a member of staff decided about a group is never about something else the next day.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Sequence

import numpy as np

from customs.asked import AskedTurn, Store
from knowledge_base.asked.space import Space

# Mean likeness from which new questions make a group together, and from which one joins a group that is there: that one asks more,
# because it is compared with few, and what joined stays. Measured on tests/knowledge_base/asked/meanings.yml, docs/unanswered.md.
LIKE = 0.25
JOIN = 0.34
# Clustering compares all pairs.
_AT_ONCE = 1500
_MEANING = (
    "INSERT INTO meanings VALUES (?, ?, ?)"
    " ON CONFLICT (turn) DO UPDATE SET encoder = excluded.encoder, vector = excluded.vector"
)
_TITLE = "INSERT INTO titles VALUES (?, ?) ON CONFLICT (group_id) DO UPDATE SET turn = excluded.turn"
_FEW_WORDS = re.compile(r"\[\w+\]|[^\w\s]|_")

Encode = Callable[[list[str]], np.ndarray]


class Grouping:
    """Groups the waiting questions of `store`; `encode` gives the unit vectors (n, d) of texts, by the encoder `encoder_id`."""

    def __init__(self, store: Store, encode: Encode, encoder_id: str, space: Space, like: float = LIKE) -> None:
        self.store = store
        self._encode = encode
        self._encoder_id = encoder_id
        self._space = space
        self._like = like

    def waiting(self) -> int:
        """How many waiting questions have no group yet."""
        return self.store.waiting_without_group()

    def group_new(self, most: int = _AT_ONCE) -> int:
        """Give the oldest `most` waiting questions without a group one; returns how many there were."""
        fresh = list(self.store.select("waiting IS NOT NULL AND group_id IS NULL", limit=min(most, _AT_ONCE)))
        if not fresh:
            return 0
        plain = self._keep_vectors(fresh)
        vectors = self._space.turn(plain)
        ids, centres = self._centres()
        words = self._known_words()
        place: dict[str, str] = {}
        lonely: list[int] = []
        for row, turn in enumerate(fresh):
            found = words.get(_plain_words(turn.said)) or self._nearest(vectors[row], ids, centres)
            if found:
                place[turn.id] = found
            else:
                lonely.append(row)
        for members in self._clusters(vectors[lonely]):
            name = new_group_id()
            place |= {fresh[lonely[member]].id: name for member in members}
        self._place(place)
        self._title(set(place.values()))
        # Whoever deletes a question while it is grouped must find nothing of it afterwards.
        for table in ("meanings", "titles"):
            self.store.db.execute(f"DELETE FROM {table} WHERE turn NOT IN (SELECT id FROM turns)")
        return len(fresh)

    def _keep_vectors(self, turns: Sequence[AskedTurn]) -> np.ndarray:
        """The encoder's vectors of what was said, kept beside the turns and deleted with them."""
        vectors = np.asarray(self._encode([turn.said for turn in turns]), np.float32)
        rows = [(turn.id, self._encoder_id, vector.tobytes()) for turn, vector in zip(turns, vectors)]
        with self.store.db.transaction():
            self.store.db.executemany(_MEANING, rows)
        return vectors

    def _members(self, groups: Iterable[str] | None = None) -> dict[str, list[tuple[str, str | None, str, np.ndarray]]]:
        """Of each group its members' (id, language, text, vector in the space); all groups, or those named."""
        query = (
            "SELECT group_id, id, language, said, vector FROM turns JOIN meanings ON turn = id"
            " WHERE waiting IS NOT NULL AND group_id IS NOT NULL AND encoder = ?"
        )
        values: list[str] = [self._encoder_id]
        if groups is not None:
            values += groups
            query += f" AND group_id IN ({', '.join('?' * (len(values) - 1))})"
        rows = self.store.db.execute(query + " ORDER BY at, id", values).fetchall()
        if not rows:
            return {}
        vectors = self._space.turn(np.stack([np.frombuffer(row[4], np.float32) for row in rows]))
        found: dict[str, list[tuple[str, str | None, str, np.ndarray]]] = {}
        for (group, turn, language, said, _), vector in zip(rows, vectors):
            found.setdefault(group, []).append((turn, language, said, vector))
        return found

    def _centres(self) -> tuple[list[str], np.ndarray]:
        members = self._members()
        means = [np.mean([vector for *_, vector in each], axis=0) for each in members.values()]
        return list(members), np.stack(means) if means else np.empty((0, 0), np.float32)

    def _nearest(self, vector: np.ndarray, ids: list[str], centres: np.ndarray) -> str | None:
        """The group whose members are on average nearest to `vector`, when they are near enough."""
        if not ids:
            return None
        likeness = centres @ vector
        best = int(likeness.argmax())
        return ids[best] if likeness[best] >= JOIN else None

    def _known_words(self) -> dict[str, str]:
        """The group of each wording that is there: the same words always go together."""
        rows = self.store.db.execute(
            "SELECT said, group_id FROM turns WHERE waiting IS NOT NULL AND group_id IS NOT NULL ORDER BY at DESC"
        )
        return {words: group for said, group in rows if (words := _plain_words(said))}

    def _clusters(self, vectors: np.ndarray) -> list[list[int]]:
        if len(vectors) < 2:
            return [[row] for row in range(len(vectors))]
        from sklearn.cluster import AgglomerativeClustering  # a second to load, and most visits have nothing to cluster

        clustering = AgglomerativeClustering(
            n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - self._like
        )
        labels = clustering.fit_predict(vectors)
        return [np.flatnonzero(labels == label).tolist() for label in range(labels.max() + 1)]

    def _place(self, place: dict[str, str]) -> None:
        with self.store.db.transaction():
            self.store.db.executemany(
                "UPDATE turns SET group_id = ? WHERE id = ?", [(group, turn) for turn, group in place.items()]
            )

    def _title(self, groups: set[str]) -> None:
        """Choose for each group the question nearest to all of it, an English one if it has any."""
        rows = []
        for group, members in self._members(sorted(groups)).items():
            centre = np.mean([vector for *_, vector in members], axis=0)
            fitting = [each for each in members if each[1] == "en"] or members
            best = max(fitting, key=lambda each: float(each[3] @ centre) - len(each[2]) / 2000 - 0.2 * ("[" in each[2]))
            rows.append((group, best[0]))
        with self.store.db.transaction():
            self.store.db.executemany(_TITLE, rows)


def merge(store: Store, into: str, others: Iterable[str]) -> int:
    """Move all questions of the groups `others` into the group `into`, which keeps its title; returns how many moved."""
    others = [each for each in others if each != into]
    if not others:
        return 0
    marks = ", ".join("?" * len(others))
    store.db.execute(f"DELETE FROM titles WHERE group_id IN ({marks})", others)
    return store.db.execute(f"UPDATE turns SET group_id = ? WHERE group_id IN ({marks})", (into, *others)).rowcount


def take_out(store: Store, turn: str) -> str | None:
    """Put one question into a new group of its own; returns the group's id, None when the question is gone."""
    name = new_group_id()
    if not store.db.execute("UPDATE turns SET group_id = ? WHERE id = ?", (name, turn)).rowcount:
        return None
    store.db.execute("DELETE FROM titles WHERE turn = ?", (turn,))
    return name


def new_group_id() -> str:
    """A new id of a group: twelve letters and digits."""
    return secrets.token_hex(6)


def _plain_words(text: str) -> str:
    return " ".join(_FEW_WORDS.sub(" ", text.casefold()).split())

"""What Rasa 3.6 does anew, or over and over, in every turn, done once. Rasa behaves the same without, only slower.

`CUSTOMS_RASA_PATCHES` chooses: `1` all (the default), `0` none, or names separated by commas:

- `validator`: an answer of an action whose events are plainly right is not walked through Rasa's JSON schema, which tries the
  schemas of all 23 events on each of them; any other answer is judged by the schema as ever;
- `events`: the class of an event is looked up in a table, not by walking all subclasses for every event, and what counts of a
  conversation is found by these classes;
- `session`: connections to the action server are kept, not opened for every action, and spoken over by a client that does
  nothing else (customs/wire.py), unless endpoints.yml gives a token, a password or headers. A kept connection that idles is
  dropped before the other side closes it. An action that does not answer is given up after the turn's deadline, not after 300 s;
- `request`: an action is sent the events of its own turn, not of the whole conversation, and the domain only if it checks a
  form or domain.yml says `send_domain`;
- `graph`: a message's components are called one after the other, not planned by Dask for every message;
- `rules`: the rule policy makes the states of as many turns as its longest rule has, not of all turns;
- `copies`: nothing is copied for log lines that are not written; a tracker is copied, not played again from its first event;
- `words`: the words and letter groups of a message are counted once, straight into the classifier's weights.

Each is written against Rasa's insides, so all are for `RASA` only: with another version none is applied, and the log says so.
docs/performance.md says what they gain.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

import rasa

from dialogue.patches import calls, copies, graph, rules, words

logger = logging.getLogger(__name__)

RASA = "3.6.21"


class UnknownPatchError(ValueError):
    """CUSTOMS_RASA_PATCHES names a patch that there is not."""


PATCHES: dict[str, Callable[[float], None]] = {
    "validator": lambda deadline_s: calls.judge_quickly(),
    "events": lambda deadline_s: copies.cache_event_classes(),
    "session": calls.keep_sessions,
    "request": lambda deadline_s: calls.send_less(),
    "graph": lambda deadline_s: graph.run_directly(),
    "rules": lambda deadline_s: rules.look_back_shortly(),
    "copies": lambda deadline_s: copies.copy_less(),
    "words": lambda deadline_s: words.count_once(),
}


def chosen(text: str) -> set[str]:
    """The patches that a value of CUSTOMS_RASA_PATCHES names. Raises `UnknownPatchError`."""
    names: list[str] = [name.strip().lower() for name in text.split(",") if name.strip()]
    if names in (["1"], ["true"], ["on"], []):
        return set(PATCHES)
    if names in (["0"], ["false"], ["off"]):
        return set()
    if unknown := set(names) - set(PATCHES):
        raise UnknownPatchError(
            f"CUSTOMS_RASA_PATCHES names {', '.join(sorted(unknown))}; expected 1, 0 or some of {', '.join(PATCHES)}."
        )
    return set(names)


def apply(text: str, deadline_s: float) -> list[str]:
    """Apply the patches that `text` (the value of CUSTOMS_RASA_PATCHES) names; their names come back, in order."""
    names = [name for name in PATCHES if name in chosen(text)]
    if names and rasa.__version__ != RASA:
        logger.warning(
            "Rasa is %s and the patches are for %s: none is applied, turns are slower.", rasa.__version__, RASA
        )
        return []
    for name in names:
        PATCHES[name](deadline_s)
    return names

"""Runs in Rasa's environment (Python 3.10): trains the ResponseSelectors of a folder once, then ranks `asked.json`.

    python response_selector_worker.py FOLDER

Writes `ranked.json`: for each question [[response key, confidence], ...], best first, and `training.json`: {"seconds": ...}.
"""

import asyncio
import json
import sys
import time
from pathlib import Path


def train(folder: Path) -> Path:
    """The model of the folder's files, trained when it is not there yet."""
    model = folder / "model.tar.gz"
    if not model.exists():
        from rasa.model_training import train_nlu

        started = time.monotonic()
        train_nlu(
            str(folder / "config.yml"), str(folder / "nlu.yml"), str(folder), fixed_model_name="new.tar.gz",
            domain=str(folder / "domain.yml"),
        )  # fmt: skip
        (folder / "new.tar.gz").rename(model)
        (folder / "training.json").write_text(json.dumps({"seconds": round(time.monotonic() - started)}))
    return model


async def rank(model: Path, asked: list) -> list:
    """The ranking of each question by the selector of its administration."""
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    rows = []
    for _, administration, text in asked:
        parsed = await agent.parse_message(text)
        ranking = parsed["response_selector"][administration]["ranking"]
        rows.append([[each["intent_response_key"].split("/", 1)[1], each["confidence"]] for each in ranking])
    return rows


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    asked = json.loads((folder / "asked.json").read_text(encoding="utf-8"))
    rows = asyncio.run(rank(train(folder), asked))
    (folder / "ranked.json").write_text(json.dumps(rows), encoding="utf-8")

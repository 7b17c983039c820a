"""The sixty customs questions that our service is asked: fifteen an administration, from our own labelled questions."""

from __future__ import annotations

from pathlib import Path

from ruamel.yaml import YAML

from customs.settings import ROOT

EVALUATION = ROOT / "data" / "evaluation"
ADMINISTRATIONS = ("ae", "us", "gb", "eu")
EACH = 15
TURNS = 5


def knowledge_questions(folder: Path = EVALUATION, each: int = EACH) -> list[dict[str, str]]:
    """`{text, administration}` of English questions that are to be answered, `each` an administration, spread over its list.

    Raises ValueError when an administration has too few.
    """
    chosen = []
    for administration in ADMINISTRATIONS:
        path = folder / f"{administration}.yml"
        labelled = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["questions"]
        fit = [
            item["question"]
            for item in labelled
            if item.get("language", "en") == "en"
            and item.get("administration") == administration
            and item.get("expect", {}).get("outcome") == "answered"
        ]
        if len(fit) < each:
            raise ValueError(f"{path} has {len(fit)} English questions to be answered; the benchmark asks {each}.")
        chosen += [{"text": fit[at * len(fit) // each], "administration": administration} for at in range(each)]
    return chosen


def conversations(questions: list[dict[str, str]], turns: int = TURNS) -> list[list[dict[str, str]]]:
    """The questions as conversations of `turns`, each about one administration when the numbers allow."""
    return [questions[at : at + turns] for at in range(0, len(questions), turns)]

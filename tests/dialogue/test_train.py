"""The training: made once, named by what it is made of."""

import shutil
import tarfile
from pathlib import Path

import pytest

from customs.settings import ROOT
from dialogue import train


@pytest.fixture
def small(tmp_path):
    """A project with the real configuration and a handful of examples."""
    root = tmp_path / "project"
    for name in train.INGREDIENTS:
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, root / name)
    shutil.copytree(ROOT / "data" / "rules", root / "data" / "rules")
    (root / "data" / "nlu").mkdir()
    (root / "data" / "nlu" / "en.yml").write_text(
        'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hello\n    - hi\n'
        "- intent: ask_question\n  examples: |\n    - is gold taxed\n    - can i bring a dog\n"
    )
    return root


@pytest.mark.parametrize("name", [*train.INGREDIENTS, "data/nlu/new.yml"])
def test_the_name_changes_with_every_ingredient(small, name):
    before = train.fingerprint(small)
    assert train.fingerprint(small) == before
    path = small / name
    file = next(iter(sorted(path.rglob("*.yml")))) if path.is_dir() else path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((file.read_text() if file.exists() else "") + "\n# changed\n")
    assert train.fingerprint(small) != before


def test_other_files_do_not_change_the_name(small):
    before = train.fingerprint(small)
    (small / "README.md").write_text("x")
    (small / "data" / "nlu" / "notes.txt").write_text("x")
    assert train.fingerprint(small) == before


def test_a_model_appears_whole_and_older_ones_go(small, tmp_path):
    models = tmp_path / "models"
    models.mkdir()
    for name in ("rasa-000000000000.tar.gz", "other.txt"):
        (models / name).write_text("x")
    target = train.model_path(models, small)
    train.train(target, small)
    with tarfile.open(target) as model:
        kept = [Path(name).name for name in model.getnames()]
    assert {"weights.npz", "words.json", "rule_policy.json"} <= set(kept)
    assert train.remove_older(target) == [models / "rasa-000000000000.tar.gz"]
    assert sorted(path.name for path in models.iterdir()) == sorted(["other.txt", target.name])


def test_the_command_trains_only_when_needed(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("CUSTOMS_MODELS_DIR", str(tmp_path))
    trained = []
    monkeypatch.setattr(train, "train", lambda target, *_: (trained.append(target), target.write_text("model")))
    monkeypatch.setattr(train, "set_up_logging", lambda level: None)
    assert train.main(["--print-path"]) == 0
    assert capsys.readouterr().out.strip() == str(train.model_path())
    assert trained == []
    assert train.main([]) == 0 and train.main([]) == 0
    assert trained == [train.model_path()]
    assert "up to date" in capsys.readouterr().out
    assert train.main(["--force"]) == 0
    assert len(trained) == 2

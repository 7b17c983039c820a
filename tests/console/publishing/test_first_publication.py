"""What was imported is what was built of the folder: the first publication of the console learns nothing anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge_base.console.guidance.importing import import_pack
from knowledge_base.console.publishing.models import OutboxRow, Publication
from knowledge_base.console.publishing.outbox import ask_again
from knowledge_base.console.publishing.worker import Worker
from knowledge_base.index import letters, scope, shelf_building
from knowledge_base.index.manifest import CONSOLE, CURRENT, read_manifest
from knowledge_base.index.release import build_release
from knowledge_base.packs import read_pack
from knowledge_base.publishing.publisher import Publisher
from tests.knowledge_base.conftest import KeywordEncoder, pack_folder  # noqa: F401 - a fixture
from tests.knowledge_base.publishing.conftest import DAY, EXAMPLES

pytestmark = pytest.mark.django_db
ARABIC = "      ar: [{0} حد, كم {0} مسموح, هل يسمح {0}]\n"


@pytest.fixture
def as_people_write(pack_folder: Path) -> Path:  # noqa: F811
    """The small pack with its languages in another order than the console's."""
    for name, word, figure in (("alcohol", "نبيذ", "zz.wine.litres"), ("cash", "نقد", "zz.cash.over")):
        file = pack_folder / "faq" / f"{name}.yml"
        text = file.read_text("utf-8").replace("    questions:\n", "    questions:\n" + ARABIC.format(word))
        text += f"    translations:\n      fr: {{title: Le {name}, answer: 'Oui, {{{figure}}}.'}}\n"
        file.write_text(text + f"      ar: {{title: {word}, answer: 'نعم {{{figure}}}.'}}\n", encoding="utf-8")
    head = pack_folder / "administration.yml"
    text = head.read_text("utf-8").replace("languages: [en]", "languages: [en, ar]")
    head.write_text(text.replace("{en: Zedland, ar: زدلاند}", "{ar: زدلاند, en: Zedland}"), encoding="utf-8")
    return pack_folder


def test_nothing_is_learned_anew(var: Path, as_people_write: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack = read_pack(as_people_write)
    assert [list(entry.questions) for entry in pack.entries.values()] == [["ar", "en"]] * 2
    build_release([pack], EXAMPLES, KeywordEncoder(), var, DAY)
    import_pack(as_people_write)
    OutboxRow.objects.all().delete()
    for module, what in ((shelf_building, "_learned"), (letters, "_model"), (scope, "fit")):
        monkeypatch.setattr(module, what, lambda *_, what=what: pytest.fail(f"{what}: learned anew"))
    encoder = KeywordEncoder()
    worker = Worker(Publisher(var, encoder, EXAMPLES))
    ask_again("huda")
    assert worker.turn() is True
    done = Publication.objects.get()
    assert (done.reasons, done.changes, done.state) == ([], [], Publication.State.SERVED)
    manifest = read_manifest(var / "releases" / CURRENT)
    assert manifest["origin"] == CONSOLE and encoder.encoded == []
    assert manifest["counts"]["zz"]["learned"] == "taken over" and manifest["gate"]["renewed"] == 0

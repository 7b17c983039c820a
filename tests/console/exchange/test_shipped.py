"""Guidance that a newer version ships: compared with what staff made of theirs, and taken over only through a second person."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from customs.settings import ROOT
from knowledge_base.console.exchange.errands import work_off
from knowledge_base.console.exchange.models import ShippedLook
from knowledge_base.console.exchange.shipped import offers
from knowledge_base.console.guidance.models import AuditRow, Entry, Figure, ShippedItem, Source

pytestmark = pytest.mark.django_db
QM = ROOT / "tests" / "fixtures" / "packs" / "qm"
VAPE, WINE = "qm.vape.allowance", "qm.alcohol.wine"


@pytest.fixture
def newer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """newer("faq/vape.yml", ("old words", "new words")): the shipped pack of Meridia, with these words of a file changed."""
    folder = copytree(QM, tmp_path / "content" / "qm")
    monkeypatch.setenv("CUSTOMS_CONTENT_DIR", str(folder.parent))

    def change(file: str = "", *pairs: tuple[str, str]) -> Path:
        if file:
            text = (folder / file).read_text(encoding="utf-8")
            for old, new in pairs:
                assert old in text, old
                text = text.replace(old, new, 1)
            (folder / file).write_text(text, encoding="utf-8")
        return folder

    return change


@pytest.fixture
def ann(person: Any, browse: Any) -> Any:
    return browse(person("ann", "author"))


def compared(client: Any) -> str:
    """The address of a comparison that the worker has done."""
    address = client.post(reverse("exchange:shipped"), {"administration": "qm"}).url
    assert work_off()
    return address


def offered(client: Any, address: str) -> dict[str, dict[str, Any]]:
    return {row["key"]: row for row in client.get(address).context["rows"]}


def choose(client: Any, address: str, action: str, *keys: str) -> None:
    rows = offered(client, address)
    client.post(address, {action: [rows[key]["value"] for key in keys]})
    work_off()


def staff_changes(key: str, user: Any, **values: Any) -> None:
    """Somebody's own change, approved and served."""
    from knowledge_base.console.guidance.publication import publishing_allowed

    item = (Entry if "vape" in key else Figure).objects.get(key=key).latest()
    for name, value in values.items():
        setattr(item, name, value)
    with publishing_allowed():
        item.save_revision(user=user).publish(user=user, skip_permission_checks=True)


NEW_TITLE = ("How many vapes can I bring?", "How many e-cigarettes may I bring?")


def vape_file() -> str:
    return next(f"faq/{path.name}" for path in (QM / "faq").glob("*.yml") if VAPE in path.read_text(encoding="utf-8"))


def test_the_same_pack_offers_nothing(ann: Any, meridia: Any, newer: Any) -> None:
    address = compared(ann)
    assert "There is nothing to take over" in ann.get(address).content.decode()


@pytest.mark.parametrize("noted", [True, False])
def test_a_console_from_before_knows_what_was_shipped(meridia: Any, person: Any, newer: Any, noted: bool) -> None:
    """What was taken over is noted since; before, the first revision tells it."""
    assert ShippedItem.objects.filter(kind="entry", key=VAPE).exists()
    if not noted:
        ShippedItem.objects.all().delete()
    ann = person("ann", "author")
    folder = newer(vape_file(), NEW_TITLE)
    (offer,) = offers(meridia, folder, ann)
    assert (offer.kind, offer.key, offer.how, offer.conflict) == ("entry", VAPE, "changed", "")
    staff_changes(VAPE, ann, title="Vapes?")
    (offer,) = offers(meridia, folder, ann)
    assert offer.conflict


def test_a_change_becomes_a_submitted_draft_and_nothing_more(ann: Any, meridia: Any, newer: Any) -> None:
    newer(vape_file(), NEW_TITLE)
    address = compared(ann)
    page = ann.get(address).content.decode()
    assert "<ins>" in page and "e-cigarettes" in page
    choose(ann, address, "take", VAPE)
    entry = Entry.objects.get(key=VAPE)
    assert entry.title == NEW_TITLE[0] and entry.live, "what is served stays"
    assert entry.latest().title == NEW_TITLE[1] and entry.workflow_in_progress
    assert entry.get_latest_revision().user.username == "ann"
    audit = AuditRow.objects.get(action="shipped.take")
    assert audit.details == {"taken": [f"entry {VAPE}"], "kept": [], "over_ours": 0}
    assert NEW_TITLE[1] in ann.get(address).content.decode()
    assert "There is nothing to take over" in ann.get(compared(ann)).content.decode(), "it waits for approval already"


def test_who_took_it_over_cannot_approve_it(ann: Any, meridia: Any, newer: Any, person: Any) -> None:
    newer(vape_file(), NEW_TITLE)
    choose(ann, compared(ann), "take", VAPE)
    entry = Entry.objects.get(key=VAPE)
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Group

    author = get_user_model().objects.get(username="ann")
    author.groups.add(Group.objects.get(name="reviewer"))
    task = entry.current_workflow_task_state
    with pytest.raises(PermissionDenied):
        task.task.specific.on_action(task, get_user_model().objects.get(pk=author.pk), "approve")
    task.task.specific.on_action(task, person("rita", "reviewer"), "approve")
    entry.refresh_from_db()
    assert entry.title == NEW_TITLE[1] and entry.live


def test_new_things_come_with_the_source_that_they_name(ann: Any, meridia: Any, newer: Any) -> None:
    source = "- {id: qm-new, title: A new page, publisher: P, url: 'https://customs.meridia.example/new', kind: official, as_of: undated, checked: 2026-11-20}\n"
    sources = (QM / "sources.yml").read_text(encoding="utf-8")
    folder = newer()
    (folder / "sources.yml").write_text(sources.rstrip() + "\n" + _like(sources, source), encoding="utf-8")
    (folder / "faq" / "novel.yml").write_text(
        "topic: novel\nentries:\n"
        "- {id: qm.novel.one, title: May I bring it?, audience: both, questions: {en: [may i]}, answer: Yes., sources: [qm-new], review_by: 2027-05-21, related: [qm.novel.two]}\n"
        "- {id: qm.novel.two, title: And then?, audience: both, questions: {en: [and then]}, answer: No., sources: [qm-general], review_by: 2027-05-21}\n",
        encoding="utf-8",
    )
    address = compared(ann)
    assert {key: row["how"] for key, row in offered(ann, address).items()} == {
        "qm-new": "added", "qm.novel.one": "added", "qm.novel.two": "added",
    }  # fmt: skip
    choose(ann, address, "take", "qm.novel.one", "qm.novel.two")
    entry = Entry.objects.get(key="qm.novel.one")
    assert not entry.live and entry.workflow_in_progress and entry.topic == "novel"
    assert [row.source.key for row in entry.latest().entry_sources.all()] == ["qm-new"]
    assert [row.other.key for row in entry.latest().related_entries.all()] == ["qm.novel.two"]
    assert Source.objects.get(key="qm-new").workflow_in_progress


def _like(sources: str, item: str) -> str:
    """`item` with the indentation of the list in `sources`."""
    first = next(line for line in sources.splitlines() if line.lstrip().startswith("- "))
    return " " * (len(first) - len(first.lstrip())) + item


def test_what_staff_changed_stays_unless_it_is_chosen(ann: Any, meridia: Any, newer: Any, person: Any) -> None:
    staff_changes(VAPE, person("max", "author"), title="Vapes, how many?")
    newer(vape_file(), NEW_TITLE)
    address = compared(ann)
    row = offered(ann, address)[VAPE]
    assert row["conflict"] and "changed here too" in ann.get(address).content.decode()
    ann.post(address, {"all": "1"})
    assert not work_off() and Entry.objects.get(key=VAPE).latest().title == "Vapes, how many?"
    choose(ann, address, "keep", VAPE)
    assert Entry.objects.get(key=VAPE).latest().title == "Vapes, how many?"
    assert "There is nothing to take over" in ann.get(compared(ann)).content.decode(), "asked once"
    newer(vape_file(), ("e-cigarettes", "electronic cigarettes"))
    address = compared(ann)
    choose(ann, address, "take", VAPE)
    assert Entry.objects.get(key=VAPE).latest().title == "How many electronic cigarettes may I bring?"
    assert AuditRow.objects.filter(action="shipped.take").latest("pk").details["over_ours"] == 1


def test_only_staff_changed_it(ann: Any, meridia: Any, newer: Any, person: Any) -> None:
    staff_changes(VAPE, person("max", "author"), title="Vapes, how many?")
    assert "There is nothing to take over" in ann.get(compared(ann)).content.decode()


def test_what_is_shipped_no_more_is_taken_off_after_approval(ann: Any, meridia: Any, newer: Any, person: Any) -> None:
    folder = newer()
    path = folder / vape_file()
    path.unlink()
    address = compared(ann)
    row = offered(ann, address)[VAPE]
    assert row["how"] == "removed" and not row["conflict"]
    ann.post(address, {"all": "1"})
    assert not work_off(), "what would be taken off is chosen by hand"
    choose(ann, address, "take", VAPE)
    entry = Entry.objects.get(key=VAPE)
    assert entry.live and entry.workflow_in_progress
    task = entry.current_workflow_task_state
    task.task.specific.on_action(task, person("rita", "reviewer"), "approve")
    Entry.objects.filter(key=VAPE).update(expire_at=timezone.now())
    call_command("publish_scheduled", verbosity=0)
    entry.refresh_from_db()
    assert not entry.live and AuditRow.objects.filter(action="shipped.take").exists()
    assert VAPE not in offered(ann, compared(ann))


def test_what_changed_after_the_look_is_shown_again(ann: Any, meridia: Any, newer: Any, person: Any) -> None:
    newer(vape_file(), NEW_TITLE)
    address = compared(ann)
    value = offered(ann, address)[VAPE]["value"]
    staff_changes(VAPE, person("max", "author"), title="Vapes, how many?")
    ann.post(address, {"take": [value]})
    work_off()
    page = ann.get(address).content.decode()
    assert "Nothing was taken over" in page and "changed here too" in page
    assert Entry.objects.get(key=VAPE).latest().title == "Vapes, how many?"


def test_what_waits_for_approval_is_not_touched(ann: Any, meridia: Any, newer: Any, person: Any) -> None:
    entry = Entry.objects.get(key=VAPE)
    entry.latest().save_revision(user=person("max", "author"))
    entry.refresh_from_db()
    entry.get_workflow().start(entry, person("mia", "author"))
    newer(vape_file(), NEW_TITLE)
    address = compared(ann)
    row = offered(ann, address)[VAPE]
    assert "waits for approval" in row["blocked"]
    ann.post(address, {"take": [row["value"]]})
    assert not work_off()


def test_a_faulty_pack_is_told(ann: Any, meridia: Any, newer: Any) -> None:
    newer(vape_file(), ("audience: ", "audiences: "))
    assert (
        "audiences" in ann.get(compared(ann)).content.decode()
        and ShippedLook.objects.get().step == ShippedLook.Step.REFUSED
    )


@pytest.mark.parametrize("role", ["translator", "reviewer", "analyst", "auditor", "publisher"])
def test_others_look_and_take_nothing(ann: Any, meridia: Any, newer: Any, person: Any, browse: Any, role: str) -> None:
    newer(vape_file(), NEW_TITLE)
    address = compared(ann)
    client = browse(person("max", role))
    page = client.get(address)
    assert page.status_code == 200 and "Submit what is ticked" not in page.content.decode()
    client.post(address, {"all": "1"})
    client.post(reverse("exchange:shipped"), {"administration": "qm"})
    assert ShippedLook.objects.count() == 1 and not work_off()


def test_nobody_takes_over_for_an_administration_that_is_not_theirs(
    meridia: Any, newer: Any, person: Any, browse: Any
) -> None:
    client = browse(person("zoe", "author", administrations=["gb"]))
    client.post(reverse("exchange:shipped"), {"administration": "qm"})
    assert not ShippedLook.objects.exists()
    assert "Compare Meridia" not in client.get(reverse("exchange:shipped")).content.decode()


def test_a_comparison_is_chosen_from_by_whoever_began_it(
    ann: Any, meridia: Any, newer: Any, person: Any, browse: Any
) -> None:
    newer(vape_file(), NEW_TITLE)
    address = compared(ann)
    client = browse(person("max", "author"))
    client.post(address, {"all": "1"})
    assert not work_off() and "ann began this comparison" in client.get(address).content.decode()


def on_the_command_line(*arguments: str) -> Any:
    from click.testing import CliRunner

    from customs.commands.console_import import command

    return CliRunner().invoke(command, list(arguments))


def test_on_the_command_line(ann: Any, meridia: Any, newer: Any, person: Any) -> None:
    newer(vape_file(), NEW_TITLE)
    told = on_the_command_line()
    assert told.exit_code == 0 and f"changed  entry {VAPE}" in told.output and "qm: 1 to take over" in told.output
    assert not Entry.objects.get(key=VAPE).has_unpublished_changes
    told = on_the_command_line("qm", "--take", "ann")
    assert told.exit_code == 0 and "1 drafts of ann wait" in told.output
    entry = Entry.objects.get(key=VAPE)
    assert entry.workflow_in_progress and entry.title == NEW_TITLE[0]
    assert "0 to take over" in on_the_command_line("qm", "--take", "ann").output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["zz"], "no administration 'zz'"),
        (["--take", "nobody"], "no active account"),
        (["--take", "rita"], "an author has"),
    ],
)
def test_what_the_command_refuses(meridia: Any, newer: Any, person: Any, arguments: list[str], told: str) -> None:
    person("rita", "reviewer")
    answer = on_the_command_line(*arguments)
    assert answer.exit_code == 1 and told in answer.output


def test_the_command_leaves_what_staff_changed(ann: Any, meridia: Any, newer: Any, person: Any) -> None:
    staff_changes(VAPE, person("max", "author"), title="Vapes, how many?")
    newer(vape_file(), NEW_TITLE)
    told = on_the_command_line("--take", "ann")
    assert "Changed here since" in told.output and not Entry.objects.get(key=VAPE).workflow_in_progress
    on_the_command_line("--take", "ann", "--over-ours")
    assert Entry.objects.get(key=VAPE).latest().title == NEW_TITLE[1]

"""What can be done about a group, by whom, and that a second person approves what comes of it."""

from __future__ import annotations

from datetime import date

import pytest

from knowledge_base.console.guidance.models import AuditRow, Entry
from knowledge_base.console.unanswered import handling
from knowledge_base.console.unanswered.drafts import find_entries
from knowledge_base.console.unanswered.models import QuestionGroup

ACTS = {
    "assign": {"to": ""},
    "dismiss": {"reason": "not_customs"},
    "reopen": {},
    "take-out": {"turn": "t0000"},
    "new-answer": {"title": "A drone?", "topic": "goods", "wording": "0"},
    "add-wordings": {"entry": "gb.goods.drone", "wording": "0"},
}


@pytest.fixture
def group(store, ask) -> str:
    """Three people who ask about a camera drone."""
    ask("may I bring a camera drone", "a", 3, group="g1")
    ask("camera drone ok?", "b", 2, group="g1")
    ask("my name is [name], camera drone", "c", 1, group="g1")
    ask("est-ce qu'un drone est permis", "c", 1, group="g1", language="fr", administration="ae")
    return "g1"


def state(key: str = "g1") -> QuestionGroup | None:
    return QuestionGroup.objects.filter(key=key).first()


def said_to(client, response) -> str:
    """What the page after an act tells."""
    return " ".join(client.get(response["Location"]).content.decode().split())


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["analyst", "auditor", "reviewer", "translator", "publisher", "manager"])
def test_only_authors_act(signed_in, guidance, group, role, act):
    values = ACTS[act] | {"administration": guidance["gb.goods.drone"].administration_id}
    assert signed_in(role).post(f"/unanswered/g1/{act}/", values).status_code == 302
    assert state() is None and Entry.objects.count() == 2
    assert not AuditRow.objects.filter(action__startswith="questions.").exists()


@pytest.mark.parametrize("act", ["assign", "dismiss", "reopen", "take-out", "merge"])
def test_an_act_is_no_link(signed_in, group, act):
    address = "/unanswered/merge/" if act == "merge" else f"/unanswered/g1/{act}/"
    assert signed_in("author").get(address).status_code == 405


def test_an_author_of_other_administrations_acts_on_none_of_these(signed_in, guidance, store, ask):
    ask("a drone", group="g9", administration="ae")
    client = signed_in("author", administrations=["gb"])
    said = said_to(client, client.post("/unanswered/g9/dismiss/", {"reason": "not_customs"}))
    assert state("g9") is None and "You do not work on these administrations." in said


def test_assign_to_an_author_and_find_it_under_mine(signed_in, staff, group):
    client = signed_in("author")
    other, reader = staff("olga", "author"), staff("rita", "analyst")
    client.post("/unanswered/g1/assign/", {"to": other.pk})
    assert state().assigned_to == other
    client.post("/unanswered/g1/assign/", {"to": reader.pk})
    assert state().assigned_to == other
    assert "No questions here." in client.get("/unanswered/?state=mine").content.decode()
    client.post("/unanswered/g1/assign/", {"to": client.user.pk})
    assert "/unanswered/g1/" in client.get("/unanswered/?state=mine").content.decode()
    assert AuditRow.objects.filter(action="questions.assign").count() == 2


@pytest.mark.parametrize(("values", "settled"), [
    ({"reason": "not_customs"}, True), ({"reason": "other", "comment": "asked by our own test"}, True),
    ({"reason": "other", "comment": "  "}, False), ({"reason": ""}, False), ({"reason": "nonsense"}, False), ({}, False),
])  # fmt: skip
def test_dismissing_needs_a_reason(signed_in, group, values, settled):
    client = signed_in("author")
    client.post("/unanswered/g1/dismiss/", values)
    assert bool(state() and state().state == "dismissed") is settled
    assert AuditRow.objects.filter(action="questions.dismiss").exists() is settled
    if settled:
        assert (state().people, state().settled_by) == (3, client.user) and state().asked_at < state().settled_at


def test_a_dismissed_group_stays_dismissed_until_it_is_opened_again(signed_in, group, ask):
    client = signed_in("author")
    client.post("/unanswered/g1/dismiss/", {"reason": "not_ours"})
    ask("camera drone again", "z", 0, group="g1")
    assert "No questions here." in client.get("/unanswered/").content.decode()
    assert "/unanswered/g1/" in client.get("/unanswered/?state=dismissed").content.decode()
    client.post("/unanswered/g1/reopen/")
    assert state().state == "open" and "/unanswered/g1/" in client.get("/unanswered/").content.decode()


def test_ticked_groups_become_one(signed_in, group, store, ask):
    ask("quadcopter?", "d", 1, group="g2")
    ask("uav?", "d", 1, group="g3")
    client = signed_in("author")
    client.post("/unanswered/g3/dismiss/", {"reason": "unreadable"})
    response = client.post("/unanswered/merge/", {"group": ["g2", "g1", "g3"]})
    assert response["Location"].endswith("/unanswered/g1/") and "Questions moved: 2." in said_to(client, response)
    assert {turn.group_id for turn in store.select()} == {"g1"} and state("g3") is None
    assert AuditRow.objects.get(action="questions.merge").details["others"] == ["g2", "g3"]


@pytest.mark.parametrize("ticked", [[], ["g1"], ["g1", "gone"]])
def test_merging_needs_two_groups_that_are_there(signed_in, group, store, ticked):
    client = signed_in("author")
    response = client.post("/unanswered/merge/", {"group": ticked})
    assert "icked" in said_to(client, response) or "tick" in said_to(client, response)
    assert {turn.group_id for turn in store.select()} == {"g1"}


def test_a_question_that_does_not_fit_is_taken_out(signed_in, group, store):
    client = signed_in("author")
    response = client.post("/unanswered/g1/take-out/", {"turn": "t0003"})
    alone = store.turn("t0003").group_id
    assert alone != "g1" and response["Location"].endswith(f"/unanswered/{alone}/")
    client.post("/unanswered/g1/take-out/", {"turn": "t0003"})
    assert store.turn("t0003").group_id == alone


def test_a_new_answer_begins_with_the_wordings_and_is_served_only_after_approval(signed_in, staff, guidance, group):
    client = signed_in("author")
    page = client.get("/unanswered/g1/new-answer/").content.decode()
    assert "camera drone ok?" in page and "[name]" not in page.split("Wordings to take over")[1].split("</fieldset>")[0]
    values = {
        "administration": guidance["gb.goods.drone"].administration_id,
        "topic": "goods",
        "title": "May I bring a camera drone?",
    }
    response = client.post("/unanswered/g1/new-answer/", values | {"wording": ["0", "1", "2", "x", "99"]})
    entry = Entry.objects.get(key="gb.goods.may_bring_camera")
    assert str(entry.pk) in response["Location"] and not entry.live
    assert {question.text for question in entry.latest().questions.all()} == {
        "may I bring a camera drone", "camera drone ok?", "est-ce qu'un drone est permis",
    }  # fmt: skip
    assert entry.revisions.get().user == client.user
    assert (state().state, state().entry_key) == ("drafted", entry.key)
    draft = entry.latest()
    draft.answer, draft.review_by = "You may.", date(2027, 5, 1)
    draft.save_revision(user=client.user)
    approve(entry, client.user, staff("rita", "reviewer"))
    assert state().state == "answered" and state().settled_at is not None
    assert handling.turnarounds(state().settled_at)[0] == pytest.approx(3 * 86400, rel=0.01)


def approve(entry: Entry, author, reviewer) -> None:
    entry.refresh_from_db()
    if not entry.workflow_in_progress:
        entry.get_workflow().start(entry, author)
    task_state = entry.current_workflow_task_state
    task_state.task.specific.on_action(task_state, reviewer, "approve")
    entry.refresh_from_db()
    assert entry.live


def test_a_second_new_answer_of_the_same_name_gets_another_id(signed_in, guidance, group):
    client = signed_in("author")
    values = {"administration": guidance["gb.goods.drone"].administration_id, "topic": "goods", "title": "هل"}
    for _ in range(2):
        client.post("/unanswered/g1/new-answer/", values)
    assert set(Entry.objects.values_list("key", flat=True)) >= {"gb.goods.asked", "gb.goods.asked_2"}


@pytest.mark.parametrize("wrong", [{"title": " "}, {"topic": ""}, {"topic": "no such"}, {"administration": "999"}])
def test_a_new_answer_needs_all_of_its_head(signed_in, guidance, group, wrong):
    values = {
        "administration": guidance["gb.goods.drone"].administration_id,
        "topic": "goods",
        "title": "A drone?",
    } | wrong
    assert signed_in("author").post("/unanswered/g1/new-answer/", values).status_code == 200
    assert Entry.objects.count() == 2 and state() is None


def test_no_new_answer_for_an_administration_that_one_does_not_work_on(signed_in, guidance, group):
    client = signed_in("author", administrations=["ae"])
    values = {"administration": guidance["gb.goods.drone"].administration_id, "topic": "goods", "title": "A drone?"}
    assert (
        "You may not write answers for this administration."
        in client.post("/unanswered/g1/new-answer/", values).content.decode()
    )
    assert Entry.objects.count() == 2


def test_added_wordings_wait_for_a_second_person(signed_in, staff, guidance, group):
    client, entry = signed_in("author"), guidance["gb.goods.drone"]
    assert "gb.goods.drone" in client.get("/unanswered/g1/add-wordings/?search=drone").content.decode()
    response = client.post(
        "/unanswered/g1/add-wordings/", {"search": "drone", "entry": entry.key, "wording": ["0", "1"]}
    )
    assert "Wordings added: 2. A second person approves them." in said_to(client, response)
    entry.refresh_from_db()
    assert [question.text for question in entry.questions.all()] == ["can i take my drone"]
    assert len(entry.latest().questions.all()) == 3 and entry.workflow_in_progress and state().state == "drafted"
    approve(entry, client.user, staff("rita", "reviewer"))
    assert entry.questions.count() == 3 and state().state == "answered"


def test_while_somebody_judges_the_answer_nothing_is_added(signed_in, guidance, group):
    client, entry = signed_in("author"), guidance["gb.goods.drone"]
    values = {"entry": entry.key, "wording": "0"}
    client.post("/unanswered/g1/add-wordings/", values)
    before = entry.revisions.count()
    page = client.post("/unanswered/g1/add-wordings/", values | {"wording": "1"}).content.decode()
    assert entry.revisions.count() == before and "waits for approval" in page


@pytest.mark.parametrize(
    "values",
    [{}, {"entry": "gone", "wording": "0"}, {"entry": "gb.goods.drone"}, {"entry": "gb.goods.drone", "wording": "77"}],
)
def test_adding_needs_an_answer_and_a_wording(signed_in, guidance, group, values):
    page = signed_in("author").post("/unanswered/g1/add-wordings/", values).content.decode()
    assert "Choose an answer, and tick at least one wording." in page and state() is None


def test_wordings_that_are_there_are_not_added_again(signed_in, guidance, store, ask):
    ask("Can I  take my DRONE", group="g4")
    page = (
        signed_in("author")
        .post("/unanswered/g4/add-wordings/", {"entry": "gb.goods.drone", "wording": "0"})
        .content.decode()
    )
    assert "This answer has these wordings already." in page and state("g4") is None


def test_an_answered_group_that_is_asked_again_waits_again(signed_in, staff, guidance, group, ask):
    client, entry = signed_in("author"), guidance["gb.goods.drone"]
    client.post("/unanswered/g1/add-wordings/", {"entry": entry.key, "wording": "0"})
    approve(entry, client.user, staff("rita", "reviewer"))
    assert "No questions here." in client.get("/unanswered/").content.decode()
    ask("camera drone once more", "z", -0.01, group="g1")
    assert "asked again" in client.get("/unanswered/").content.decode()


def test_an_answer_with_faults_is_mended_first(signed_in, guidance, group):
    Entry.objects.filter(key="gb.goods.drone").update(review_by=None)
    page = (
        signed_in("author")
        .post("/unanswered/g1/add-wordings/", {"entry": "gb.goods.drone", "wording": "0"})
        .content.decode()
    )
    assert "mend them in its editor first" in page and state() is None


def test_answers_are_found_by_most_of_the_words(guidance, group):
    found = find_entries("may I bring a camera drone to great britain", ["ae"])
    assert [entry.key for entry in found] == ["gb.goods.drone", "ae.goods.drone"]
    assert [entry.key for entry in find_entries("drone", ["ae"])] == ["ae.goods.drone", "gb.goods.drone"]
    assert find_entries("  ?! ") == find_entries("quetzalcoatl") == []

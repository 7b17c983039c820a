import pytest

from benchmarks import stages
from benchmarks.notes import Trace, read
from benchmarks.stages import OURS, STOCK, TOTAL, Stage, breakdown, by_turn, middle_half


def test_calls_are_given_to_the_turn_in_whose_time_they_fall():
    turns = [(10.0, 10.1, 0), (11.0, 11.2, 1)]
    calls = [
        ("nlu", 10.01, 10.02),
        ("nlu", 11.0, 11.05),
        ("nlu", 11.06, 11.08),
        ("late", 10.05, 10.9),
        ("early", 9, 9.5),
    ]
    first, second = by_turn(turns, calls)
    assert first == pytest.approx({TOTAL: 100, "nlu": 10})
    assert second == pytest.approx({TOTAL: 200, "nlu": 70})


def test_turns_need_not_come_in_order():
    assert [turn[TOTAL] for turn in by_turn([(5, 6), (1, 3)], [])] == [2000, 1000]


@pytest.mark.parametrize("table", [OURS, STOCK])
def test_stages_add_up_to_the_turn(table):
    names = {name for stage in table for name in (*stage.calls, *stage.inside)} - {TOTAL}
    calls = dict.fromkeys(names, 0.0)
    # A turn as the processes nest: each call holds those of the next line.
    calls |= {
        "chat.rasa": 40,
        "chat.transcript": 2,
        "rasa.message": 35,
        "rasa.nlu": 4,
        "rasa.policy": 3,
        "rasa.store": 1,
    }
    calls |= {"rasa.slots": 0.5, "rasa.action": 20, "actions.run": 15, "actions.language": 1, "search.encode": 6}
    calls |= {"search.find": 2, "actions.places": 1, TOTAL: 50}
    found = breakdown(table, [calls])
    parts = {stage.title for stage in table if stage.part}
    assert sum(value for title, value in found.items() if title != TOTAL and title not in parts) == pytest.approx(50)
    assert all(value >= 0 for value in found.values())


def test_the_table_is_the_mean_of_its_turns():
    found = breakdown([Stage("rest", (TOTAL,), ("a",))], [{TOTAL: 10, "a": 2}, {TOTAL: 20, "a": 4}])
    assert found == {"rest": 12, TOTAL: 15}


def test_a_run_that_noted_nothing_is_refused():
    with pytest.raises(ValueError, match="Nothing was noted"):
        breakdown(STOCK, [{TOTAL: 10.0}])
    with pytest.raises(ValueError, match="No turns"):
        breakdown(STOCK, [])


def test_middle_half_leaves_out_what_was_held_up():
    turns = [{TOTAL: value} for value in (900, 1, 20, 21, 22, 23, 24, 2)]
    assert sorted(turn[TOTAL] for turn in middle_half(turns)) == [20, 21, 22, 23]
    assert middle_half([{TOTAL: 5}]) == [{TOTAL: 5}]


class Worker:
    def plain(self, number):
        return number + 1

    async def waiting(self, number):
        return number + 2

    @staticmethod
    def static(number):
        return number + 3

    def fails(self):
        raise KeyError("as it was")


async def test_wrapped_calls_do_the_same_and_are_noted(tmp_path):
    class Copy(Worker):
        plain, waiting, fails = Worker.plain, Worker.waiting, Worker.fails
        static = staticmethod(Worker.static)

    trace = Trace(tmp_path / "x.trace")
    for name in ("plain", "waiting", "static", "fails"):
        trace.wrap(Copy, name, f"worker.{name}")
    worker = Copy()
    assert (worker.plain(1), await worker.waiting(1), worker.static(1)) == (2, 3, 4)
    with pytest.raises(KeyError, match="as it was"):
        worker.fails()
    noted = list(read(tmp_path / "x.trace"))
    assert [name for name, _, _ in noted] == ["worker.plain", "worker.waiting", "worker.static", "worker.fails"]
    assert all(start <= end for _, start, end in noted)
    assert all(first[2] <= then[1] for first, then in zip(noted, noted[1:]))


def test_a_call_that_is_not_there_is_an_error_not_a_quick_stage(tmp_path):
    with pytest.raises(AttributeError, match="gone"):
        Trace(tmp_path / "x.trace").wrap(Worker, "gone", "worker.gone")


def test_a_line_that_was_cut_is_left_out(tmp_path):
    path = tmp_path / "x.trace"
    path.write_text("a\t1.0\t2.0\nb\t3.0\t4.")
    assert list(read(path)) == [("a", 1.0, 2.0)]
    assert list(read(tmp_path / "none.trace")) == []


class Noted(list):
    """A trace that looks whether the calls exist, and wraps nothing."""

    def wrap(self, owner, attribute, name):
        assert callable(getattr(owner, attribute)), f"{owner}.{attribute}"
        self.append(name)


def test_the_stages_of_the_table_are_those_that_are_noted(monkeypatch):
    from benchmarks import traced

    monkeypatch.setattr(traced, "trace_search", lambda trace, searcher: trace.extend(["search.encode", "search.find"]))
    noted = Noted()
    traced.trace_actions(noted)
    traced.trace_chat(noted)
    named = {name for stage in stages.OURS for name in (*stage.calls, *stage.inside)}
    assert {name for name in named if name.startswith(("chat.", "actions.", "search."))} == set(noted)


def test_a_search_is_split_into_encoding_and_finding(tmp_path):
    from types import SimpleNamespace

    from benchmarks import traced

    class Searcher:
        def search_anew(self, question):
            return SimpleNamespace(question=question, seconds={"encode": 0.0, "find": 0.0})

    traced.trace_search(Trace(tmp_path / "x.trace"), Searcher)
    assert Searcher().search_anew("wine?").question == "wine?"
    (encode, start, middle), (find, again, end) = read(tmp_path / "x.trace")
    assert (encode, find) == ("search.encode", "search.find")
    assert start == middle == again <= end

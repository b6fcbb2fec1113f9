"""Near-optimal alternatives as a study: nested ranges, resumed where it stopped, several at once, what is refused."""

import io
import json
from dataclasses import replace

import pytest
from near_sources import ends, sources, study
from rich.console import Console

from qhenergy.ground.faults import InputError, SolverError
from qhenergy.report import page_alternatives
from qhenergy.solving.near_optimal import LEAST, MOST
from qhenergy.studies import alternatives, runs
from qhenergy.studies.alternatives import CAPACITIES, COSTS, DATA, RANGES, asked_for

SLACKS = (0.1, 0.5)


@pytest.fixture
def solved(monkeypatch):
    """How many problems were solved so far; one that is to be the last is stopped as Ctrl-C stops it."""
    count, whole = {"solved": 0, "last": -1}, runs._solved

    def counted(*given):
        if count["solved"] == count["last"]:
            raise KeyboardInterrupt
        count["solved"] += 1
        return whole(*given)

    monkeypatch.setattr(runs, "_solved", counted)
    return count


def test_goes_on_where_it_stopped(tmp_path, solved):
    """Proves: plans that were kept before a stop are not solved again, and come to the same ranges.

    If it were broken, the second run would solve all again, or a range would miss an end.
    """
    small = sources(tmp_path / "small")
    whole = study(small, tmp_path / "whole", SLACKS, plans=1).run()
    needed, solved["solved"], solved["last"] = solved["solved"], 0, 3
    with pytest.raises(KeyboardInterrupt):
        study(small, tmp_path / "cut", SLACKS, plans=1).run()
    solved["last"] = -1
    again = study(small, tmp_path / "cut", SLACKS, plans=1).run()
    assert solved["solved"] == needed
    assert len(list((tmp_path / "cut").rglob("plans/*.json"))) == needed + 1
    for name in ("wind", "pv"):
        for slack in SLACKS:
            assert ends(again, name, slack) == pytest.approx(ends(whole, name, slack))
    study(small, tmp_path / "cut", SLACKS, plans=1).run()
    assert solved["solved"] == needed


def test_several_at_once_come_to_the_same(tmp_path):
    """Proves: ends solved in other processes are those solved here, whatever order they come in.

    If it were broken, a plan would come back under the name of another.
    """
    small = sources(tmp_path / "small")
    one, two = (study(small, tmp_path / str(n), SLACKS, workers=n).run() for n in (1, 2))
    for name in ("wind", "pv"):
        for slack in SLACKS:
            assert ends(two, name, slack) == pytest.approx(ends(one, name, slack))


def test_one_that_is_given_up_leaves_the_rest(tmp_path, monkeypatch):
    """Proves: an end that the solver gave up is told as not proven, is not kept, and the others stand.

    If it were broken, the study would end there, or the end would be what the data allow.
    """
    whole = runs._solved

    def given_up(problem, *others):
        most_of_wind = problem.costs[0].data.min(initial=0.0) < 0 and problem.costs[0].nnz == 1
        index = problem.columns
        wind = most_of_wind and index.members[index.member[problem.costs[0].indices[0]]] == "wind"
        return SolverError("given up.") if wind else whole(problem, *others)

    monkeypatch.setattr(runs, "_solved", given_up)
    made = study(sources(tmp_path / "small"), tmp_path, (0.1,))
    found = made.run()
    assert found.failed == {"wind-most-10pct"}
    (wind,) = (s for s in found.subjects if s.name == "wind")
    end = found.end(wind, MOST, 0.1)
    assert not end.proven
    assert end.value == pytest.approx(100)
    assert found.end(wind, LEAST, 0.1).proven
    assert "*" in page_alternatives.text(found, made.ready.system.inputs)
    assert not list(made.folder.rglob("wind-most*"))


def test_tables_and_page_say_the_same(tmp_path):
    """Proves: the tables written, the JSON and what is shown in both languages hold the ranges that were found.

    If it were broken, somebody would read other numbers than were proven.
    """
    made = study(sources(tmp_path / "small"), tmp_path, SLACKS, plans=2, groups=("both",))
    found = made.run()
    written = {path.name for path in made.folder.iterdir()}
    assert written == {"plans", RANGES, CAPACITIES, COSTS, DATA}
    told = json.loads((made.folder / DATA).read_text(encoding="utf-8"))
    row = next(r for r in told["ranges"] if (r["name"], r["slack [-]"]) == ("wind", 0.5))
    assert (row["least [MW]"], row["most [MW]"]) == pytest.approx(ends(found, "wind", 0.5))
    assert told["plans"][0]["name"] == "least-cost"
    by_plan = found.costs().groupby("plan")["cost [CNY/yr]"].sum()
    for plan, _ in found.shown():
        assert by_plan[plan.name] == pytest.approx(plan.cost)
    for language, word in (("en", "0 – 150"), ("zh", "差异化方案的装机")):
        out = Console(file=io.StringIO(), width=120)
        page_alternatives.show(found, made.ready.system.inputs, made.folder, out, language)
        assert word in out.file.getvalue()
    page = (made.folder / page_alternatives.PAGE).read_text(encoding="utf-8")
    for word in ("0 – 150 MW", "both (group)", "both（组）", "alternatives-ranges", "alternatives-plan-2"):
        assert word in page


def test_words_are_read():
    """Proves: slacks are shares or percentages, put in order, and each once.

    If it were broken, 1 % would be 100 %.
    """
    assert asked_for("5%, 1%,0.03,5%").slacks == (0.01, 0.03, 0.05)
    assert asked_for("0%").slacks == (0.0,)


@pytest.mark.parametrize(
    ("words", "where", "said"),
    [
        ({"slack": "3"}, "--slack", 'Did you mean "3%"?'),
        ({"slack": "1%,some"}, "--slack", '"some"'),
        ({"slack": "-1%"}, "--slack", "from 0"),
        ({"slack": ""}, "--slack", "Write 1%,3%,5% or 0.01."),
        ({"slack": "nan%"}, "--slack", "nan%"),
        ({"only": "store"}, "--only", 'Did you mean "storage"?'),
        ({"plans": -1}, "--plans", "0 or more"),
        ({"workers": 0}, "--workers", "1 or more"),
    ],
)
def test_wrong_options_are_refused(words, where, said):
    """Proves: every option that cannot be read is refused with a sentence that says what to write."""
    with pytest.raises(InputError) as refused:
        asked_for(**{"slack": "1%", **words})
    (fault,) = refused.value.faults
    assert fault.where == where
    assert said in str(fault)


def test_a_study_that_cannot_be_done_is_refused(tmp_path):
    """Proves: groups not there or with nothing open, heads, whole units and a case without a store are told."""
    small = sources(tmp_path / "small").add("thermal", existing=10).group("coal", "coal")
    with pytest.raises(InputError, match='Did you mean "both"') as refused:
        study(small, tmp_path, (0.1,), groups=("bothe", "coal"))
    assert [f.where for f in refused.value.faults] == ["--group", "--group"]
    made = study(small, tmp_path, (0.1,))
    water = made.ready.system.case.water.model_copy(update={"head": "curve"})
    changed = {"building": "whole", "commitment": "whole", "water": water}
    case = made.ready.system.case.model_copy(update=changed)
    ready = replace(made.ready, system=replace(made.ready.system, case=case))
    with pytest.raises(InputError) as refused:
        alternatives.Study(ready, made.asked, tmp_path)
    assert [f.where for f in refused.value.faults] == ["case, water.head", "case, building", "case, commitment"]
    with pytest.raises(InputError, match="no store"):
        study(small, tmp_path, (0.1,), only="storage").run()


def test_a_cost_of_nothing_has_no_slack(tmp_path):
    """Proves: a case whose least cost is nothing is refused: a share of nothing is nothing."""
    small = sources(tmp_path / "small", existing=100)
    with pytest.raises(InputError, match="least cost of nothing"):
        study(small, tmp_path, (0.1,)).run()

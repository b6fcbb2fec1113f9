"""Schedules of a line on a small fleet: what is missed, when and why; resumed where it stopped; refused where wrong."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
from small_system import STAGE, Small

from qhenergy.ground.faults import InputError
from qhenergy.outcome.next_capacity import Confirmed, NextCapacity
from qhenergy.solving import rolling
from qhenergy.studies import next_capacity, schedule, year_dispatch
from qhenergy.studies.schedule import Asked

HOURS = 48
#: An hour stands for so many of the year.
WEIGHT = 8760 / HOURS


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """Two days of one zone: 10 MW asked at home, 30 MW of coal; a line of 40 MW.

    In its hour 20 a unit is out: 24 MW of coal are left.
    """
    small = Small(tmp_path / "inputs", HOURS)
    small.zone("z", 10.0)
    small.add("thermal", existing=24)
    small.add("wind", existing=6, series=[0.0 if t == 20 else 1.0 for t in range(HOURS)])
    small.curve("none", [0.0])
    small.add("send_out", capacity=40, schedule="curve", curve="none", shortfall_price=1000)
    small.write()
    path = tmp_path / "small.toml"
    path.write_text(
        f'title = "small"\ninputs = "{tmp_path / "inputs"}"\nbase_year = 2020\nstages = [{STAGE}]\n'
        f'[time]\nkind = "hours"\nhours = {HOURS}\nwindow_hours = 12\n[solver]\nprofile = "simplex"\n'
    )
    return path


def curve(folder: Path, values: list[float], name: str = "mine") -> str:
    """A curve of a day [MW] as a file."""
    path = folder / f"{name}.csv"
    path.write_text(",".join(f"{h:02d} [MW]" for h in range(24)) + "\n" + ",".join(map(str, values)) + "\n")
    return str(path)


def asked(*curves: str, **others: object) -> Asked:
    return Asked("dc", curves, **{"keep": 24, "ahead": 12, "without": False, **others})


def test_a_curve_fails_by_a_known_amount_at_a_known_hour_and_cause(case, tmp_path):
    """Proves: what is missed is told in MW, by hour and by cause; everything else of the curve is delivered.

    16 MW are asked all day; 30 MW less 10 at home are left, but in hour 20, when there is no wind, 24 less 10: 14. So
    2 MW are missed there, for want of wind and of plants, in one hour of the two days.
    If it were broken, other hours would miss something, or 6 MW would be missed (home served last).
    """
    (made,), better, _ = schedule.run(case, asked(curve(tmp_path, [16.0] * 24)), tmp_path / "results")
    hours = made.description.hours
    assert hours["missed"].to_numpy().nonzero()[0].tolist() == [20]
    assert hours["missed"].max() == pytest.approx(2.0)
    assert made.description.energy("missed") == pytest.approx(2.0 * WEIGHT)
    assert {cause for cause, _ in made.description.causes_at(20)} == {"weather", "capacity"}
    assert made.verdict.audit.passed
    assert not made.verdict.breaches
    # The nearest that can be held asks 14 MW in that hour of every day.
    (nearest,) = better.found.values()
    assert nearest.curve[0, 20] == pytest.approx(14.0)
    assert nearest.curve[0, 19] == pytest.approx(16.0)


def test_far_from_foresight_by_nothing(case, tmp_path, monkeypatch):
    """Proves: a year without stores is dispatched as well window by window as at once: the distance is none.

    If it were broken, levels, starts or what is missed would make it dearer or cheaper.
    """
    monkeypatch.setattr(year_dispatch, "FORESIGHT", "simplex")
    (made,), *_ = schedule.run(case, asked(curve(tmp_path, [16.0] * 24), foresight=True), tmp_path / "results")
    assert made.verdict.distance == pytest.approx(0.0, abs=1e-9)


def test_the_distance_is_told_no_shorter_than_it_is(case, tmp_path):
    """Proves: by the bound of an interior point the distance is none or a little more, since a bound is below the cost.

    If it were broken, a point that is not optimal would count as one, and a year would be cheaper than foresight.
    """
    (made,), *_ = schedule.run(case, asked(curve(tmp_path, [16.0] * 24), foresight=True), tmp_path / "results")
    assert 0.0 <= made.verdict.distance <= 1e-5


def test_without_the_line(case, tmp_path):
    """Proves: the year in which nothing is asked of the line is run on the same fleet, for what the line changes.

    24 + 6 MW stand against 10 at home: all wind is used either way, and nothing is curtailed more without the line.
    If it were broken, there would be no comparison.
    """
    (made,), *_ = schedule.run(case, asked(curve(tmp_path, [16.0] * 24), without=True), tmp_path / "results")
    assert made.description.without is not None
    assert (tmp_path / "results" / "small" / "schedule" / "dc" / schedule.NOTHING).is_dir()


def test_goes_on_where_it_stopped(case, tmp_path, monkeypatch):
    """Proves: steps that were solved before a stop are not solved again, and a run that is done is read.

    If it were broken, the second run would solve two steps, or the third any.
    """
    solved, whole = [], rolling.Rolling.solve

    def one(self, number, *others):
        if number == 1 and len(solved) == 1:
            raise KeyboardInterrupt
        solved.append(number)
        return whole(self, number, *others)

    monkeypatch.setattr(rolling.Rolling, "solve", one)
    mine = curve(tmp_path, [16.0] * 24)
    with pytest.raises(KeyboardInterrupt):
        schedule.run(case, asked(mine), tmp_path / "results")
    solved.append(-1)
    (made,), *_ = schedule.run(case, asked(mine), tmp_path / "results")
    assert solved == [0, -1, 1]
    (again,), *_ = schedule.run(case, asked(mine), tmp_path / "results")
    assert solved == [0, -1, 1]
    assert again.verdict.folder == made.verdict.folder
    assert again.description.energy("missed") == pytest.approx(made.description.energy("missed"))


def test_best_curve_is_run_beside(case, tmp_path):
    """Proves: the best stepwise curve of a search is written as a file and dispatched as any other.

    At a price of 1000 for what is missed and coal at 100, one level that misses nothing asks 14 MW at most; with an
    energy of 13 MW all year to be sent at least, the cheapest sends just that.
    If it were broken, more than 13 MW would be burnt for, or less than the energy sent.
    """
    text = f"steps=1 seasons=1 energy>={13 * 8760 / 1e6:g}TWh"
    runs, better, folder = schedule.run(case, asked(curve(tmp_path, [10.0] * 24), optimise=text), tmp_path / "results")
    assert [run.verdict.name for run in runs] == ["mine", schedule.OPTIMISED]
    assert better.found[schedule.OPTIMISED].curve == pytest.approx(13.0, rel=1e-4)
    assert runs[1].description.energy("sent") == pytest.approx(13 * 8760, rel=1e-4)
    assert (folder / f"{schedule.OPTIMISED}.csv").is_file()


def test_next_capacity_is_told_and_solved_again(case, tmp_path):
    """Proves: what 1 MW more repairs is told for each asset, and the year with it misses just that much less.

    24 MW of coal miss 2 MW in hour 20. A MW of coal repairs 1 MWh there, at 100 for it; in each of the other hours
    with 6 MW of wind the 20 MW of coal that run have room. Wind repairs nothing, and saves 100 in the other 47 hours.
    If it were broken, the year solved anew would miss as much, or another fleet would be solved.
    """
    (made,), *_ = schedule.run(case, asked(curve(tmp_path, [16.0] * 24), more=1), tmp_path / "results")
    table, (anew,) = made.next.table, made.next.confirmed
    assert made.next.left_out == ()
    assert table.at["coal", "repaired"] == pytest.approx(1.0 * WEIGHT)
    assert table.at["coal", "saved"] == pytest.approx(-100.0 * WEIGHT)
    assert table.at["wind", "repaired"] == pytest.approx(0.0)
    assert table.at["wind", "saved"] == pytest.approx(100.0 * 47 * WEIGHT)
    assert anew.name == "coal"
    assert anew.repaired == pytest.approx(1.0 * WEIGHT)
    assert anew.saved == pytest.approx(-100.0 * WEIGHT)


def test_no_more_is_repaired_than_is_missed(case, tmp_path):
    """Proves: 100 MW repair the 2 MW missed in the hour, as the year solved anew does; the next run reads it.

    If it were broken, 100 MWh would be told to be repaired of 2.
    """
    options = asked(curve(tmp_path, [16.0] * 24), more=100)
    (made,), *_ = schedule.run(case, options, tmp_path / "results")
    assert made.next.table.at["coal", "repaired"] == pytest.approx(2.0 * WEIGHT)
    assert made.next.best.repaired == pytest.approx(2.0 * WEIGHT)
    (again,), *_ = schedule.run(case, options, tmp_path / "results")
    assert again.next.best.folder == made.next.best.folder


@pytest.mark.parametrize(
    ("kept", "best"),
    [({"a": 9.0}, "a"), ({"a": -1.0, "b": 8.0}, "b"), ({"a": 7.5, "b": 7.0, "c": 1.0}, "a")],
)
def test_what_keeps_less_than_it_promises_is_not_the_best(monkeypatch, kept, best):
    """Proves: the next asset is solved anew while it promises more than any before has kept; the best has kept most.

    Promised are 9, 8, 7.8 and 7 MWh. One that keeps all ends it, one that repairs nothing is followed; three at most.
    If it were broken, the first would be called the best though the year anew misses more.
    """
    promised = pd.DataFrame({"repaired": [9.0, 8.0, 7.8, 7.0]}, index=list("abcd"))
    made = NextCapacity("curve", 1.0, 20.0, 1000.0, promised)
    monkeypatch.setattr(next_capacity, "next_capacity", lambda *_: made)
    monkeypatch.setattr(next_capacity, "_confirmed", lambda _d, _r, _m, name: Confirmed(name, kept[name], 0.0, ""))
    dispatch = SimpleNamespace(line="dc", folder=Path("curve"))
    found = next_capacity.next_of(dispatch, None, None, 1.0)
    assert [anew.name for anew in found.confirmed] == list(kept)
    assert found.best.name == best


def test_nothing_to_repair(case, tmp_path):
    """Proves: where nothing is missed no year is solved anew, and what saves most comes first.

    If it were broken, a second folder would hold a year with more of something.
    """
    (made,), _, folder = schedule.run(case, asked(curve(tmp_path, [10.0] * 24), more=100), tmp_path / "results")
    assert made.next.best is None
    assert made.next.table.index[0] == "wind"
    assert [path.name for path in folder.iterdir() if path.is_dir()] == ["mine"]


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"line": "dcc"}, 'Did you mean "dc"?'),
        ({"curves": ("nowhere",)}, "nowhere"),
        ({"curves": ()}, "--curve"),
        ({"year": 2040}, "2040"),
    ],
)
def test_wrong_options_are_refused(case, tmp_path, changed, word):
    """Proves: a line, a curve or a year that there is not is refused in a sentence before anything is dispatched."""
    options = {"line": "dc", "curves": (curve(tmp_path, [16.0] * 24),), **changed}
    with pytest.raises(InputError) as refused:
        schedule.run(case, Asked(**options), tmp_path / "results")
    assert word in str(refused.value)
    assert not (tmp_path / "results" / "small" / "schedule").exists()


def test_options_no_case_could_say(tmp_path):
    """Proves: all options that are wrong by themselves are told at once."""
    with pytest.raises(InputError) as refused:
        Asked("dc", step_minutes=7, commitment="hole", keep=0, ahead=-1, optimise="stpes=3", more=-1)
    assert len(refused.value.faults) == 6


def test_result_folder_is_a_fleet(case, tmp_path):
    """Proves: the folder of a result stands for its fleet, wherever it was moved."""
    mine = curve(tmp_path, [16.0] * 24)
    schedule.run(case, asked(mine), tmp_path / "results")
    (planned,) = (p for p in (tmp_path / "results" / "small").glob("2*"))
    moved = shutil.move(planned, tmp_path / "moved" / planned.name)
    (made,), *_ = schedule.run(Path(moved), asked(mine), tmp_path / "others")
    assert made.description.energy("missed") == pytest.approx(2.0 * WEIGHT)


def test_a_step_cut_short_is_solved_again(case, tmp_path, monkeypatch):
    """Proves: a step that a full disk or a lost power left half written is solved again, and the year goes on.

    If it were broken, no run of this year would ever get past the file.
    """
    solved, whole = [], rolling.Rolling.solve

    def one(self, number, *others):
        if number == 1 and len(solved) == 1:
            raise KeyboardInterrupt
        solved.append(number)
        return whole(self, number, *others)

    monkeypatch.setattr(rolling.Rolling, "solve", one)
    mine = curve(tmp_path, [16.0] * 24)
    with pytest.raises(KeyboardInterrupt):
        schedule.run(case, asked(mine), tmp_path / "results")
    (kept,) = (tmp_path / "results").rglob("0000.npz")
    kept.write_bytes(kept.read_bytes()[:200])
    solved.append(-1)
    (made,), *_ = schedule.run(case, asked(mine), tmp_path / "results")
    assert solved == [0, -1, 0, 1]
    assert made.description.energy("missed") == pytest.approx(2.0 * WEIGHT)


def test_two_runs_of_a_year_do_not_trip_over_each_other(case, tmp_path, monkeypatch):
    """Proves: a run whose folder of steps another one took away when it was done goes on to its end.

    If it were broken, the second step could not be written.
    """
    whole = rolling.Rolling.solve

    def one(self, number, *others):
        for kept in (tmp_path / "results").rglob(".steps-*"):
            shutil.rmtree(kept)
        return whole(self, number, *others)

    monkeypatch.setattr(rolling.Rolling, "solve", one)
    (made,), *_ = schedule.run(case, asked(curve(tmp_path, [16.0] * 24)), tmp_path / "results")
    assert made.verdict.steps == 2


def test_files_of_a_case_lie_beside_it(case, tmp_path, monkeypatch):
    """Proves: curves and modules that a case names are found from any folder; of a stored result only from the case's.

    If it were broken, they would be looked for where the command is called.
    """
    curve(tmp_path, [16.0] * 24)
    (tmp_path / "own.py").write_text("def operate(window):\n    pass\n")
    text = case.read_text().replace("[time]", '[schedule]\nline = "dc"\ncurves = ["mine.csv"]\n[time]', 1)
    case.write_text('extra = ["own.py"]\n' + text)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    results, how = tmp_path / "results", {"keep": 24, "ahead": 12, "without": False}
    (made,), *_ = schedule.run(case, Asked(**how), results)
    assert made.description.energy("missed") == pytest.approx(2.0 * WEIGHT)
    (planned,) = (results / "small").glob("2*")
    with pytest.raises(InputError, match="Name the case instead of its result"):
        schedule.run(planned, asked(str(tmp_path / "mine.csv")), results)
    monkeypatch.chdir(tmp_path)
    (again,), *_ = schedule.run(Path("results/small") / planned.name, asked("mine.csv"), Path("results"))
    assert Path(again.verdict.folder).resolve() == Path(made.verdict.folder)


def test_steps_of_the_plan_are_none_of_the_schedule(case, tmp_path):
    """Proves: a plan in half-hours is dispatched in hours, or in quarter-hours, with the same energy missed.

    If it were broken, the curve would not fit the steps of the yearly run, or levels be those of other hours.
    """
    case.write_text(case.read_text().replace("[solver]", "step_minutes = 30\n[solver]"))
    for minutes in (60, 15):
        how = asked(curve(tmp_path, [16.0] * 24), step_minutes=minutes)
        (made,), *_ = schedule.run(case, how, tmp_path / "results")
        assert made.description.energy("missed") == pytest.approx(2.0 * WEIGHT)


def test_clauses_of_a_dispatch(case, tmp_path):
    """Proves: what the case switched off stays off, targets of a year are not asked, and a price of CO2 is paid.

    Coal at 100 emits 1 t/MWh and costs 150 with the price. The 100 t of a hard cap would leave nothing to send, and so
    would the one that is off; without them 2 MW are missed in one hour.
    If it were broken, coal would cost 100, or the cap that is off bind the plan's fleet, which has none of its own.
    """
    small = Small(tmp_path / "more", HOURS)
    small.add("co2_prices", clause="paid", price=50).target("paid")
    small.add("co2_caps", clause="loose", cap=1e9).target("loose").add("co2_caps", clause="cap", cap=100)
    small.target("cap").write()
    for name in ("co2_prices", "co2_caps", "target_sets"):
        shutil.copy(tmp_path / "more" / f"{name}.csv", tmp_path / "inputs")
    targets = '[targets]\nset = "set"\nclauses = { cap = "off" }\n[solver]'
    case.write_text(case.read_text().replace("[solver]", targets, 1))
    (made,), *_ = schedule.run(case, asked(curve(tmp_path, [16.0] * 24)), tmp_path / "results")
    assert made.result.case.targets.clauses == {"cap": "off", "loose": "off", "paid": "hard"}
    assert made.description.energy("missed") == pytest.approx(2.0 * WEIGHT)
    assert made.result.row_dual("balance/energy")["z"].iloc[0] == pytest.approx(150.0 * WEIGHT)

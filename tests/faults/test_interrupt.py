"""Proves that Ctrl-C ends a run with exit code 130 and that nothing was written: real processes, real signals."""

import signal
import subprocess
import sys

import pytest

from faults.workplace import Workplace, ended

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="SIGINT cannot be sent to one process on Windows")

#: Days of two-zones repeated: enough that a solver with its hands tied needs minutes.
REPEATED = 336
SLOW = 'profile = "simplex"\noptions = { presolve = "off", simplex_update_limit = 1, simplex_strategy = 4 }'


def _enlarged(place: Workplace) -> None:
    head, *rows = place.cells("series")
    place.write("series", [head, *([str(t), *rows[t % len(rows)][1:]] for t in range(REPEATED))])
    place.section("time", f'kind = "hours"\nhours = {REPEATED}\nwindow_hours = 168')
    place.section("solver", SLOW)


def _stopped_at(place: Workplace, word: str) -> tuple[int, str]:
    """Start a run, send SIGINT when a line of it begins with a word, and give exit code and all that was said."""
    process = subprocess.Popen(
        [sys.executable, "-m", "qhenergy", "run", str(place.case), "--results", str(place.results)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=place.folder,
        # A shell that runs the tests in the background has told its children to ignore the signal.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    heard = []
    try:
        assert process.stderr is not None
        for line in process.stderr:
            heard.append(line)
            if f" {word} " in line:
                process.send_signal(signal.SIGINT)
                break
        rest, said = process.communicate(timeout=60)
    finally:
        process.kill()
    return process.returncode, "".join(heard) + said + rest


@POSIX
@pytest.mark.parametrize("word", ["expecting", "solver"], ids=["while building", "while solving"])
def test_ctrl_c(place: Workplace, word) -> None:
    _enlarged(place)
    before = place.everything()
    code, said = _stopped_at(place, word)
    assert "Traceback" not in said
    assert code == 130, said
    assert "Nothing was written" in said
    assert place.everything() == before
    if word == "solver":
        assert "stopping: the solver is asked to end" in said, "it was not the solve that was stopped"


def test_ctrl_c_in_this_process(place: Workplace, monkeypatch) -> None:
    """The same without a process of its own, so that it is also seen on Windows."""

    def stopped(*words, **options):
        raise KeyboardInterrupt

    before = place.everything()
    monkeypatch.setattr("qhenergy.studies.expansion.solve", stopped)
    said = ended(place.run(), 130)
    assert "Nothing was written" in said
    assert place.everything() == before

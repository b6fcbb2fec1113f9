"""The solver in a thread of its own, so that Ctrl-C reaches us and is passed on to it."""

from __future__ import annotations

import signal
import threading
import time

import highspy

from qhenergy.solving.solution import Progress


def supervised(solver: highspy.Highs, progress: Progress) -> tuple[highspy.HighsModelStatus, float]:
    """Run a solver that has its problem.

    Args:
        solver: with problem and options.
        progress: takes its messages.

    Returns:
        How it ended, and after how long [s].

    Raises:
        KeyboardInterrupt: the user stopped it; the solver has ended, unless Ctrl-C was pressed twice.
    """
    stop = threading.Event()

    def listen(event: highspy.cb.HighsCallbackEvent) -> None:
        progress(event.message)

    def interrupt(event: highspy.cb.HighsCallbackEvent) -> None:
        if stop.is_set():
            event.interrupt()

    seen = 0

    def iteration(event: highspy.cb.HighsCallbackEvent) -> None:
        # HiPO prints its iterations past the log callback; this is how they are seen nonetheless.
        nonlocal seen
        count = event.data_out.ipm_iteration_count
        if count > seen:
            seen = count
            progress(f"interior point, iteration {count}, {time.perf_counter() - started:.0f} s")
        interrupt(event)

    solver.cbLogging += listen
    solver.cbIpmInterrupt += iteration
    solver.cbSimplexInterrupt += interrupt
    solver.cbMipInterrupt += interrupt
    started = time.perf_counter()
    ended = threading.Event()

    def work() -> None:
        try:
            solver.run()
        finally:
            ended.set()

    asked: list[int] = []

    def on_interrupt(number: int, _: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        stop.set()
        progress("stopping: the solver is asked to end (press Ctrl-C again to leave at once)")

    # A handler rather than an exception: wherever it comes, the solver is waited for. Only the main
    # thread has signals.
    in_main = threading.current_thread() is threading.main_thread()
    previous = signal.signal(signal.SIGINT, on_interrupt) if in_main else None
    try:
        threading.Thread(target=work, daemon=True).start()
        while not ended.wait(0.2):
            pass
    finally:
        if in_main:
            signal.signal(signal.SIGINT, previous)
    if asked:
        raise KeyboardInterrupt
    return solver.getModelStatus(), time.perf_counter() - started

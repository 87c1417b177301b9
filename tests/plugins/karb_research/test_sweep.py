"""`karb sweep` as a person calls it: tables of whole backtests, kept on the way, and never a word of advice."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from karb_core.rulebook.reader import read
from karb_core.rulebook.source import Source
from tests.cli.run import Answer, answer_of, ours, started
from tests.plugins.karb_research.browser import opened
from tests.plugins.karb_research.stages import HOUSE
from tests.wiring.hourly import TWO_RATES, write_hourly
from tests.wiring.tiny import strategy_text

Karb = Callable[..., Answer]
STUDY = """\
karb: 1
study: tiny
about: what if
strategy: tiny.yaml
data: market.yaml
from: none
to: none
out_of_sample: 2025-01-13
sampler: {grid: all}
vary:
  z: {range: {rule: /signal/with/tiers/normal/z, from: 1.0, to: 1.5, step: 0.25}}
  stop: {values: {rule: /signal/with/exit/stop_loss, of: [none, 1.5%]}}
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a small hourly market, a strategy of three tiers over it, and a study of six points."""
    for name, value in ours(tmp_path).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    write_hourly(tmp_path)
    (tmp_path / "tiny.yaml").write_text(strategy_text(*TWO_RATES), "utf-8")
    (tmp_path / "study.yaml").write_text(STUDY, "utf-8")
    return tmp_path


@pytest.fixture
def karb(place: Path, capfd: pytest.CaptureFixture[str]) -> Karb:
    return lambda *arguments: answer_of(capfd, arguments)


def sweep(karb: Karb, *more: object) -> Answer:
    return karb("sweep", "study.yaml", "--cores", "1", *more)


def told(karb: Karb, *more: object) -> dict[str, Any]:
    answer = sweep(karb, "--format", "json", *more)
    assert answer.code == 0, answer.all
    found: dict[str, Any] = json.loads(answer.out)
    return found


def edited(place: Path, *edits: tuple[str, str]) -> None:
    text = STUDY
    for old, new in edits:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    (place / "study.yaml").write_text(text, "utf-8")


def test_each_point_is_what_karb_backtest_says_of_a_really_changed_file(karb: Karb, place: Path) -> None:
    text = (place / "tiny.yaml").read_text("utf-8")
    for point in told(karb)["points"]:
        z, stop = point["at"]["z"], point["at"]["stop"]
        changed = text.replace("normal: {z: 1.5,", f"normal: {{z: {z},").replace(
            "stop_loss: 1.5%", f"stop_loss: {stop}"
        )
        (place / "changed.yaml").write_text(changed, "utf-8")
        alone = json.loads(karb("backtest", "changed.yaml", "--data", "market.yaml", "--format", "json").out)
        whole, metrics = point["whole"], alone["metrics"]
        assert (whole["trades"], whole["net"]) == (len(alone["trades"]), alone["result"]["net"])
        assert point["booked"] == alone["result"]["booked"]
        assert point["rules"] == alone["digests"]["rules"]
        same = {
            "sharpe",
            "sortino",
            "calmar",
            "volatility",
            "win_rate",
            "profit_factor",
            "max_drawdown",
            "value_at_risk",
        }
        assert {name: whole[name] for name in same} == {name: metrics[name] for name in same}


def test_the_strategy_s_file_is_never_touched(karb: Karb, place: Path) -> None:
    before = (place / "tiny.yaml").read_bytes(), (place / "tiny.yaml").stat().st_mtime_ns
    assert sweep(karb, "--check", "1").code == 0
    assert ((place / "tiny.yaml").read_bytes(), (place / "tiny.yaml").stat().st_mtime_ns) == before


def test_the_table_stands_in_the_order_of_the_study_and_recommends_nothing(karb: Karb) -> None:
    answer = sweep(karb)
    assert answer.code == 0, answer.all
    rows = [line.split() for line in answer.out.split("\n") if line.strip()[:1].isdigit()]
    assert [(row[0], row[1], row[2]) for row in rows] == [
        (str(n + 1), z, stop) for n, (z, stop) in enumerate((z, s) for z in ("1.00", "1.25", "1.50") for s in ("none", "1.5%"))
    ]  # fmt: skip
    assert "6 of 6 points: 6 carried out now, 0 known before" in answer.out
    assert "not of merit" in answer.out
    assert not {"recommend", "optimal", "winner"} & set(answer.out.lower().split())


def test_it_speaks_korean(karb: Karb) -> None:
    answer = karb("--lang", "ko", "sweep", "study.yaml", "--cores", "1", "--goal", "sharpe > 100")
    assert answer.code == 0
    assert all(word in answer.out for word in ("거래", "순손익", "이웃", "권하는 값이 아니며", "이르는 점이 없습니다"))


def test_what_was_found_out_is_not_asked_for_again(karb: Karb, place: Path) -> None:
    first = told(karb)
    assert "0 carried out now, 6 known before" in sweep(karb).out
    assert told(karb) == first
    edited(place, ("to: 1.5, step", "to: 1.75, step"))
    assert "2 carried out now, 6 known before" in sweep(karb).out


@pytest.mark.parametrize("what", ["strategy", "split", "stretch", "data"])
def test_what_would_come_out_otherwise_is_asked_for_again(karb: Karb, place: Path, what: str) -> None:
    assert sweep(karb).code == 0
    if what == "strategy":
        file = place / "tiny.yaml"
        file.write_text(file.read_text("utf-8").replace("reserve: 5%", "reserve: 6%"), "utf-8")
    elif what == "split":
        edited(place, ("2025-01-13", "2025-01-12"))
    elif what == "stretch":
        edited(place, ("to: none", "to: 2025-01-16"))
    else:
        with (place / "data" / "usdkrw.csv").open("a", encoding="utf-8") as file:
            file.write("1737200000000,1390.0\n")
    assert "6 carried out now, 0 known before" in sweep(karb).out


def test_a_point_that_would_not_pass_the_check_is_a_row_that_says_so(karb: Karb, place: Path) -> None:
    edited(place, ("of: [none, 1.5%]", "of: [none, 1.5]"))
    answer = sweep(karb)
    assert answer.code == 0
    assert "3 cannot be" in answer.out
    assert "2  1.00 1.5  tiny.yaml:" in answer.out
    found = told(karb)
    assert [("refused" in point) for point in found["points"]] == [False, True] * 3
    assert "K303" in found["points"][1]["refused"]
    assert found["tries"] == 3


def test_sampled_points_are_checked_against_the_whole_path_and_one_that_differs_ends_it(
    karb: Karb, place: Path
) -> None:
    answer = sweep(karb, "--check", "4")
    assert (answer.code, "4 points equal `karb backtest`" in answer.err) == (0, True), answer.all
    with sqlite3.connect(place / "karb-home" / "sweeps.sqlite") as store:
        store.execute("""UPDATE sweep_points SET told = replace(told, '"trades":', '"trades":1')""")
    store.close()
    answer = sweep(karb, "--check", "1")
    assert answer.code == 1
    assert "is not what `karb backtest` makes of it" in answer.err


def test_a_goal_lists_the_points_that_reach_it_in_both_stretches(karb: Karb) -> None:
    found = told(karb, "--goal", "net > -100_000_000")
    assert found["goal"]["in_sample"] == found["goal"]["out_of_sample_too"] == [1, 2, 3, 4, 5, 6]
    bound = sorted(point["in_sample"]["sharpe"] for point in found["points"])[2]
    found = told(karb, "--goal", f"sharpe > {bound:.9f}")
    wanted = [p["point"] for p in found["points"] if p["in_sample"]["sharpe"] > bound]
    assert 0 < len(wanted) < 6
    assert found["goal"]["in_sample"] == wanted
    both = [p["point"] for p in found["points"] if p["point"] in wanted and p["out_of_sample"]["sharpe"] > bound]
    assert found["goal"]["out_of_sample_too"] == both
    answer = sweep(karb, "--goal", "sharpe > 100")
    assert "goal sharpe > 100: 0 of 6 points reach it in sample, 0 of those out of sample too: none" in answer.out


def test_a_goal_needs_days_out_of_sample(karb: Karb, place: Path) -> None:
    edited(place, ("out_of_sample: 2025-01-13", "out_of_sample: none"))
    answer = sweep(karb, "--goal", "sharpe > 1")
    assert (answer.code, "out_of_sample: 2025" in answer.err) == (2, True)


def test_a_patch_is_written_only_when_asked_and_changes_what_the_point_says(karb: Karb, place: Path) -> None:
    assert sweep(karb).code == 0
    assert sorted(path.suffix for path in place.iterdir() if path.is_file()) == [".yaml"] * 3
    answer = sweep(karb, "--propose", "change.patch", "--point", "1")
    assert answer.code == 0, answer.all
    patch = (place / "change.patch").read_text("utf-8")
    assert [line for line in patch.split("\n") if line[:1] in ("+", "-") and line[:3] not in ("+++", "---")] == [
        "-      normal: {z: 1.5, take_profit: 0.2%}", "+      normal: {z: 1.00, take_profit: 0.2%}",
        "-      stop_loss: 1.5%", "+      stop_loss: none",
    ]  # fmt: skip
    done = subprocess.run(["patch", "-p1", "-i", "change.patch"], cwd=place, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout
    alone = json.loads(karb("backtest", "tiny.yaml", "--format", "json").out)
    assert alone["digests"]["rules"] == told(karb, "--propose", "again.patch", "--point", "1")["points"][0]["rules"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--propose", "x.patch"), "go together"),
        (("--point", "1"), "go together"),
        (("--propose", "x.patch", "--point", "99"), "there is no point 99"),
        (("--format", "html"), "needs a file"),
        (("--on", "tcp://127.0.0.1:1"), "exclude each other"),
        (("--goal", "best"), "no goal"),
    ],
)
def test_what_cannot_be_asked_is_said_in_a_sentence(karb: Karb, more: tuple[str, ...], said: str) -> None:
    answer = sweep(karb, *more)
    assert (answer.code, said in answer.err) == (2, True), answer.all


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("grid: all", "grid: some"), "K303"),
        (("out_of_sample: 2025-01-13\n", ""), "out_of_sample"),
        (("step: 0.25", "stepp: 0.25"), "did you mean `step`"),
        (("to: 1.5, step: 0.25", "to: 1.6, step: 0.25"), "the last would be 1.50"),
        (("/signal/with/exit/stop_loss", "/signal/with/exit/stop_los"), "vary.stop.rule: the strategy has no line"),
        (("{grid: all}", "{grid: all, random: {points: 1, seed: 1}}"), "study.yaml:9"),
    ],
)
def test_a_study_is_read_as_strictly_as_a_strategy(karb: Karb, place: Path, edit: tuple[str, str], said: str) -> None:
    edited(place, edit)
    answer = sweep(karb)
    assert (answer.code, said in answer.err) == (3, True), answer.all


def test_two_cores_give_the_same_document(karb: Karb, place: Path) -> None:
    one = told(karb)
    answer = karb("sweep", "study.yaml", "--cores", "2", "--format", "json", "--store", "other.sqlite")
    assert answer.code == 0, answer.all
    assert json.loads(answer.out) == one
    assert (place / "other.sqlite").is_file()


def test_points_drawn_by_chance_are_points_of_the_grid(karb: Karb, place: Path) -> None:
    whole = {tuple(point["at"].values()): point["whole"] for point in told(karb)["points"]}
    edited(place, ("{grid: all}", "{random: {points: 4, seed: 7}}"))
    drawn = told(karb)["points"]
    assert len(drawn) == 4
    assert all(whole[tuple(point["at"].values())] == point["whole"] for point in drawn)


def test_optuna_draws_the_same_points_however_many_cores_there_are(karb: Karb, place: Path) -> None:
    pytest.importorskip("optuna", reason="Optuna is not installed: pip install 'karb[optuna]'")
    edited(
        place,
        ("{grid: all}", "{optuna: {points: 8, seed: 7, at_once: 4, measure: sharpe, towards: highest}}"),
        ("from: 1.0, to: 1.5, step: 0.25", "from: 0.5, to: 3.0, step: 0.25"),
    )
    one = told(karb)
    assert 4 <= len(one["points"]) <= 8
    answer = karb("sweep", "study.yaml", "--cores", "2", "--format", "json", "--store", "other.sqlite")
    assert json.loads(answer.out) == one


@pytest.mark.skipif(os.name == "nt", reason="an interrupt of another process is POSIX's")
def test_an_interrupt_of_all_its_processes_is_one_sentence(place: Path) -> None:
    """A terminal interrupts the whole group, also processes that are just being started."""
    edited(place, ("from: 1.0, to: 1.5, step: 0.25", "from: 0.5, to: 4.5, step: 0.01"))
    process = started(["sweep", "study.yaml", "--cores", "2"], place, start_new_session=True)
    try:
        _waited_for(place / "karb-home" / "sweeps.sqlite", process)
        os.killpg(process.pid, signal.SIGINT)
        out, error = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, out) == (130, b"")
    assert error.decode().strip().split("\n") == ["stopped: what was found out is kept, the same study goes on"]


@pytest.mark.skipif(os.name == "nt", reason="an interrupt of another process is POSIX's")
def test_a_sweep_that_was_stopped_goes_on(karb: Karb, place: Path) -> None:
    edited(place, ("from: 1.0, to: 1.5, step: 0.25", "from: 0.5, to: 4.5, step: 0.01"))
    process = started(["sweep", "study.yaml", "--cores", "1"], place)
    store = place / "karb-home" / "sweeps.sqlite"
    try:
        kept = _waited_for(store, process)
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode == 130
    assert b"the same study goes on" in error
    edited(place, ("from: 1.0, to: 1.5, step: 0.25", "from: 0.50, to: 0.54, step: 0.01"))
    head = sweep(karb).out.split("\n")[0]
    known = int(head.split("carried out now, ")[1].split(" known")[0].replace(",", ""))
    assert known >= min(kept, 10) > 0


def _waited_for(store: Path, process: subprocess.Popen[bytes]) -> int:
    """How many points the store has, as soon as it has any."""
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        if store.is_file():
            with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as there:
                found = there.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
                count = there.execute("SELECT count(*) FROM sweep_points").fetchone()[0] if found else 0
            there.close()
            if count:
                return int(count)
        os.sched_yield()
    raise AssertionError("nothing was kept in time")


@pytest.fixture
def cluster(place: Path) -> Iterator[str]:
    """A scheduler and two workers, each a process of its own with karb in it."""
    if find_spec("distributed") is None:
        pytest.skip("Dask is not installed: pip install 'karb[dask]'")
    path = os.pathsep.join([str(HOUSE), str(HOUSE / "plugins")])
    environment = os.environ | {"PYTHONPATH": path, "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error"}
    python = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--port",
        "0",
        "--no-dashboard",
        "--host",
        "127.0.0.1",
    ]
    told = place / "scheduler.json"
    elsewhere = place / "elsewhere"
    elsewhere.mkdir()
    processes = [
        subprocess.Popen(
            [*python, "--scheduler-file", str(told)], env=environment, cwd=elsewhere, stderr=subprocess.DEVNULL
        )
    ]
    worker = [
        sys.executable,
        "-m",
        "distributed.cli.dask_worker",
        "--scheduler-file",
        str(told),
        "--nthreads",
        "1",
        "--no-dashboard",
        "--no-nanny",
    ]
    try:
        until = time.monotonic() + 60
        while not told.is_file() and time.monotonic() < until:
            os.sched_yield()
        processes += [
            subprocess.Popen(worker, env=environment, cwd=elsewhere, stderr=subprocess.DEVNULL) for _ in range(2)
        ]
        yield json.loads(told.read_text("utf-8"))["address"]
    finally:
        for process in reversed(processes):
            process.kill()
            process.wait(60)


def test_two_dask_workers_give_the_same_table(karb: Karb, cluster: str) -> None:
    from distributed import Client

    with Client(cluster, timeout="30s", set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    one = told(karb)
    answer = karb("sweep", "study.yaml", "--on", cluster, "--format", "json", "--store", "other.sqlite")
    assert answer.code == 0, answer.all
    assert json.loads(answer.out) == one
    assert "6 carried out" not in answer.out


def test_a_cluster_that_is_not_there_is_said(karb: Karb) -> None:
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'karb[dask]'")
    answer = karb("sweep", "study.yaml", "--on", "nonsense://127.0.0.1:1")
    assert (answer.code, "no Dask scheduler answers" in answer.err) == (2, True), answer.all


@pytest.mark.parametrize("path", ["bench/quick_sweep.yaml", "bench/quick_walk.yaml", "bench/reference_work/sweep.yaml"])
def test_a_shipped_study_names_files_that_are_there(path: str) -> None:
    from karb_research.sweep_file import StudyFile

    study = StudyFile.model_validate(read(Source.of_text((HOUSE / path).read_text("utf-8"))).data)
    assert (HOUSE / path).parent.joinpath(study.strategy).is_file()


def test_the_page_is_one_file_with_a_map_and_every_point(karb: Karb, place: Path) -> None:
    edited(place, ("about: what if", "about: what <script> if"))
    answer = sweep(karb, "--format", "html", "--out", "sweep.html", "--goal", "sharpe > 100")
    assert (answer.code, answer.out) == (0, "written: sweep.html\n")
    page = (place / "sweep.html").read_text("utf-8")
    assert "://" not in page
    assert page.count('class="heat"') == 5
    assert page.count("<script>") == 1
    assert "none reaches it in both" in page
    assert "권하는 값이 아니며" in page


@pytest.mark.parametrize("width", [500, 1200])
def test_the_page_opens_without_a_word_on_its_console(karb: Karb, place: Path, width: int) -> None:
    assert sweep(karb, "--format", "html", "--out", "sweep.html").code == 0
    page = place / "sweep.html"
    hands = """<script>
    document.getElementById("switch").click();
    const shown = (of) => getComputedStyle(document.querySelector(`h2 .${of}`)).display !== "none";
    document.documentElement.dataset.shown = `${shown("en")} ${shown("ko")}`;
    const root = document.documentElement;
    root.dataset.wider = String(root.scrollWidth > root.clientWidth);
    </script>"""
    page.write_text(page.read_text("utf-8").replace("</body>", f"{hands}</body>"), "utf-8")
    found = opened(page, width=width)
    assert found.console == ()
    assert 'data-shown="false true"' in found.dom
    assert 'data-wider="false"' in found.dom

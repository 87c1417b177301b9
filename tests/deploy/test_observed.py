"""A house as Prometheus sees it: every query of the dashboard and of the alerts, asked of a Prometheus that scrapes one."""

from __future__ import annotations

import json
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from urllib.request import urlopen

import pytest

pytest.importorskip("fastapi", reason="needs karb[dashboard]")

import yaml

from tests.cli.shipped import ROOT
from tests.plugins.karb_dashboard.browsing import Shown, shown

DEPLOY = ROOT / "deploy"
DASHBOARD = json.loads((DEPLOY / "grafana" / "karb.json").read_text("utf-8"))
RULES = yaml.safe_load((DEPLOY / "prometheus" / "karb-alerts.yml").read_text("utf-8"))["groups"][0]["rules"]
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel["targets"]]
#: Its owner wants to hear of it below so much KRW.
LOW = (
    "tell: [entry, exit, refusal, halt]}",
    "tell: [entry, exit, refusal, halt, balance], after: {balance: [1_000 KRW]}}",
)
#: What a house that did nothing wrong has nothing to say of.
_QUIET = {"karb_refusals_total"}
_MOST_S = 60


def tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} is installed here: apt-get install prometheus")
    return found


def test_the_files_are_well_formed_and_each_alert_fires_at_its_bound_and_not_before() -> None:
    promtool = tool("promtool")
    for asked in (["check", "rules", "karb-alerts.yml"], ["test", "rules", "karb-alerts-test.yml"]):
        done = subprocess.run(
            [promtool, *asked], cwd=DEPLOY / "prometheus", capture_output=True, encoding="utf-8", check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_dashboard_has_the_shape_that_grafana_imports() -> None:
    assert DASHBOARD["uid"] == "karb"
    assert DASHBOARD["schemaVersion"] >= 36
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    for panel in DASHBOARD["panels"]:
        assert panel["type"] in ("timeseries", "stat")
        assert panel["datasource"] == {"type": "prometheus", "uid": "prometheus"}
        place = panel["gridPos"]
        assert 0 <= place["x"] <= place["x"] + place["w"] <= 24
        assert {target["refId"] for target in panel["targets"]} == set("ABC"[: len(panel["targets"])])


@dataclass(frozen=True)
class Scraped:
    house: Shown
    at: str

    def asked(self, query: str) -> list[Any]:
        with urlopen(f"{self.at}/api/v1/query?query={quote(query)}", timeout=30) as answer:
            told = json.load(answer)
        assert told["status"] == "success", told
        found: list[Any] = told["data"]["result"]
        return found


@pytest.fixture(scope="module")
def scraped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scraped]:
    """A house that traded once, and a Prometheus with the shipped files that has scraped it since."""
    program, folder = tool("prometheus"), tmp_path_factory.mktemp("prometheus")
    with shown(tmp_path_factory.mktemp("house"), LOW) as house:
        config = (DEPLOY / "prometheus" / "prometheus.yml").read_text("utf-8")
        for old, new in (("127.0.0.1:8080", f"127.0.0.1:{house.port}"), ("_interval: 5s", "_interval: 1s")):
            assert old in config
            config = config.replace(old, new)
        (folder / "prometheus.yml").write_text(config, "utf-8")
        shutil.copy(DEPLOY / "prometheus" / "karb-alerts.yml", folder)
        (folder / "token").write_text(house.token, "utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        told = [f"--web.listen-address=127.0.0.1:{port}", "--config.file=prometheus.yml", "--storage.tsdb.path=data"]
        made = subprocess.Popen([program, *told], cwd=folder, stderr=subprocess.DEVNULL)
        try:
            found = Scraped(house, f"http://127.0.0.1:{port}")
            _until(lambda: _answers(found))
            house.moved("high")
            house.waited("/api/positions", lambda told: told["accounts"] and told["accounts"][0]["lots"])
            house.moved("calm")
            house.waited("/api/trade-history", lambda told: told["trades"])
            _until(lambda: found.asked("karb_lots_closed_total"))
            _until(lambda: found.asked('rate(process_cpu_seconds_total{job="karb"}[1m])'))
            _until(lambda: found.asked("increase(karb_lots_closed_total[1d])"))
            yield found
        finally:
            made.kill()
            made.wait()


def _answers(found: Scraped) -> bool:
    try:
        return any(each["value"][1] == "1" for each in found.asked("up"))
    except OSError:
        return False


def _until(true: Any) -> None:
    until = time.monotonic() + _MOST_S
    while not true():
        assert time.monotonic() < until
        time.sleep(0.2)


@pytest.mark.parametrize("query", QUERIES)
def test_every_query_of_the_dashboard_finds_something(scraped: Scraped, query: str) -> None:
    if not any(name in query for name in _QUIET):
        assert scraped.asked(query), query
    else:
        assert scraped.asked(query) == []


def test_every_alert_looks_at_something_that_is_there(scraped: Scraped) -> None:
    for rule in RULES:
        for name in re.findall(r"\b(?:karb_[a-z_]+|up)\b", rule["expr"]):
            assert scraped.asked(name), (rule["alert"], name)


def test_what_is_shown_is_what_the_ledger_has(scraped: Scraped) -> None:
    (net,) = scraped.house.got("/api/stats")["accounts"][0]["total"]
    (found,) = scraped.asked("karb_net")
    assert float(found["value"][1]) == pytest.approx(float(net["net"].split()[0]))
    assert found["metric"]["asset"] == "KRW"


def test_nobody_reads_it_without_the_token_and_no_secret_is_in_it(scraped: Scraped) -> None:
    assert scraped.house.asked("GET", "/metrics", token="").status == 401
    told = scraped.house.asked("GET", "/metrics")
    assert told.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert scraped.house.token not in told.text
    assert scraped.house.word not in told.text

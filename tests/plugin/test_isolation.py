"""A plugin acts only where a file names it; a broken one breaks only what names it, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from karb_core.plugin.catalogue import Catalogue
from karb_core.plugin.offer import Offer, PluginProblem
from karb_core.rulebook.check import Checked, check
from karb_core.rulebook.digests import Digests
from karb_core.rulebook.finding import Finding
from karb_core.rulebook.source import Source, read_source
from karb_core.texts.text import render
from tests.plugin.site import GOOD, HEAD, Site, hook

STRATEGIES = sorted((Path(__file__).parents[2] / "strategies").glob("*.yaml"))
HOUSE = Path(__file__).parents[2]
QUICKSTART = next(path for path in STRATEGIES if path.stem == "quickstart")
BROKEN = {
    "import error": "import not_installed_dependency\n",
    "SystemExit": "import sys\n\nsys.exit('bye')\n",
    "syntax error": "def f(:\n",
    "rule with a default": GOOD.replace('tighter="lower"', 'default="20%"'),
    "misspelt hook": hook("return [Cap]", "karb_riskgates"),
    "raised in the hook": hook("raise RuntimeError('boom')"),
    "not for this karb": GOOD,
}


def naming(plugin: str) -> Source:
    """The quickstart with one more gate."""
    text = QUICKSTART.read_text(encoding="utf-8")
    line = f"  - {{use: {plugin}.cap, at: [entry], with: {{limit: 20%}}}}\n"
    head, section, rest = text.partition("risk_gates:")
    comment, _, gates = rest.partition("\n")
    return Source.of_text(f"{head}{section}{comment}\n{line}{gates}")


def results(catalogue: Catalogue) -> list[tuple[tuple[Finding, ...], Digests | None]]:
    found = [check(read_source(str(path)), catalogue) for path in STRATEGIES]
    return [(checked.findings, checked.rulebook and checked.rulebook.digests) for checked in found]


def only_error(checked: Checked) -> Finding:
    assert len(checked.errors) == 1, checked.findings
    return checked.errors[0]


@pytest.fixture
def before() -> list[tuple[tuple[Finding, ...], Digests | None]]:
    return results(Catalogue.installed())


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_plugin_breaks_only_files_that_name_it(
    site: Site, before: list[tuple[tuple[Finding, ...], Digests | None]], kind: str
) -> None:
    site.install("mine", BROKEN[kind], requires=("karb>=2000",) if kind == "not for this karb" else ())
    assert results(Catalogue.installed()) == before
    assert "outsider_mine" not in sys.modules

    catalogue = Catalogue.installed()
    checked = check(naming("mine"), catalogue)
    finding = only_error(checked)
    why = catalogue.plugin("mine")
    assert isinstance(why, PluginProblem)
    assert checked.rulebook is None
    assert finding.code == "K207"
    assert checked.source.lines[finding.mark.line - 1][finding.mark.column - 1 :].startswith("mine.cap")
    assert render(finding.said) == f"`mine.cap`: the plugin `mine` cannot be used: {render(why.said)}"
    assert render(finding.said, "ko") == f"`mine.cap`: 플러그인 `mine`을(를) 쓸 수 없습니다: {render(why.said, 'ko')}"


def test_a_good_plugin_changes_nothing_until_a_file_names_it(
    site: Site, before: list[tuple[tuple[Finding, ...], Digests | None]]
) -> None:
    site.install("mine", GOOD)
    catalogue = Catalogue.installed()
    assert results(catalogue) == before
    assert "outsider_mine" not in sys.modules

    checked = check(naming("mine"), catalogue)
    assert checked.errors == ()
    assert checked.rulebook is not None
    seat = next(seat for seat in checked.rulebook.seats if seat.use == "mine.cap")
    assert (seat.port, seat.path, seat.offer.source.distribution) == ("risk_gate", ("risk_gates", 0), "outsider-mine")
    quickstart = check(read_source(str(QUICKSTART)), catalogue).rulebook
    assert quickstart is not None
    assert checked.rulebook.digests.rules != quickstart.digests.rules


def test_a_name_that_is_not_installed_is_said_so() -> None:
    finding = only_error(check(naming("mine"), Catalogue.installed()))
    assert (finding.code, render(finding.said)) == ("K207", "`mine.cap`: no plugin named `mine` is installed")


def test_looking_for_a_similar_name_survives_a_broken_neighbour(site: Site) -> None:
    site.install("mine_too", BROKEN["SystemExit"])
    finding = only_error(check(naming("mine"), Catalogue.installed()))
    assert (finding.code, render(finding.said)) == ("K207", "`mine.cap`: no plugin named `mine` is installed")


def test_nothing_of_a_plugin_that_failed_half_way_stays(site: Site) -> None:
    half = HEAD + (
        "\n\nclass Other(Cap):\n    name = 'other'\n\n\nclass Bad(Cap):\n    name = 'Bad'\n"
        "\n\n@hookimpl\ndef karb_risk_gates():\n    return [Cap, Other]\n"
        "\n\n@hookimpl\ndef karb_signals():\n    return [Bad]\n"
    )
    site.install("half", half)
    site.install("whole", GOOD)
    catalogue = Catalogue.installed()
    problem = catalogue.plugin("half")
    assert isinstance(problem, PluginProblem)
    assert [catalogue.find(f"half.{name}") for name in ("cap", "other", "Bad")] == [problem] * 3
    assert list(catalogue.offers(["half"])) == []
    assert [offer.use for offer in catalogue.offers(["whole"])] == ["whole.cap"]
    assert [p.name for p in catalogue.problems()] == ["half"]


@pytest.mark.parametrize("order", [("early", "late"), ("late", "early")])
def test_a_plugin_that_is_loaded_later_is_asked_at_once_and_alone(site: Site, order: tuple[str, str]) -> None:
    for name in order:
        counting = (
            HEAD + "\n\nasked = []\n\n\n@hookimpl\ndef karb_risk_gates(api):\n    asked.append(api)\n    return [Cap]\n"
        )
        site.install(name, counting)
    catalogue = Catalogue.installed()
    for name in order:
        assert f"outsider_{name}" not in sys.modules
        found = catalogue.find(f"{name}.cap")
        assert isinstance(found, Offer)
        assert found.component.__module__ == f"outsider_{name}"
    for name in order:
        assert catalogue.find(f"{name}.cap") == catalogue.find(f"{name}.cap")
        assert len(sys.modules[f"outsider_{name}"].asked) == 1


def test_one_module_may_fill_several_ports(site: Site) -> None:
    several = (
        hook("return [Cap]")
        + "\n\n@hookimpl\ndef karb_signals(api):\n    yield type('Judge', (Cap,), {'name': 'judge'})\n"
    )
    site.install("mine", several)
    found = {offer.use: offer.port for offer in Catalogue.installed().offers(["mine"])}
    assert found == {"mine.cap": "risk_gate", "mine.judge": "signal"}


@pytest.mark.parametrize(
    ("allowed", "names"),
    [("", set()), ("gates", {"gates"}), (" gates , mine ", {"gates", "mine"}), ("nobody,mine", {"mine"})],
)
def test_karb_plugins_is_an_allow_list(
    site: Site, monkeypatch: pytest.MonkeyPatch, allowed: str, names: set[str]
) -> None:
    site.install("mine", GOOD)
    monkeypatch.setenv("KARB_PLUGINS", allowed)
    catalogue = Catalogue.installed()
    assert set(catalogue.names()) == names
    assert isinstance(catalogue.find("mine.cap"), Offer) is ("mine" in names)
    assert catalogue.find("premium.zscore") is None


def test_a_broken_plugin_that_the_allow_list_leaves_out_has_no_problem(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.install("mine", BROKEN["import error"])
    monkeypatch.setenv("KARB_PLUGINS", "gates,premium")
    assert list(Catalogue.installed().problems()) == []


def test_an_installed_plugin_that_stands_on_two_paths_is_one(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """An editable install and its build folder both have metadata."""
    site.install("mine", GOOD)
    monkeypatch.setattr(sys, "path", [*sys.path, str(site.folder) + "/"])
    assert [offer.use for offer in Catalogue.installed().offers(["mine"])] == ["mine.cap"]


def test_a_package_that_plugs_into_pydantic_reads_no_file(tmp_path: Path) -> None:
    info = tmp_path / "meddler-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: meddler\nVersion: 1.0\n", "utf-8")
    (info / "entry_points.txt").write_text("[pydantic]\nmeddler = meddler:plugin\n", "utf-8")
    (tmp_path / "meddler.py").write_text("raise SystemExit('meddled')\n", "utf-8")
    path = os.pathsep.join([str(tmp_path), str(HOUSE), str(HOUSE / "plugins")])
    script = "import sys; from karb_core.cli.main import main; main(['check', *sys.argv[1:]])"
    done = subprocess.run(
        [sys.executable, "-c", script, str(QUICKSTART)],
        env=os.environ | {"PYTHONPATH": path, "KARB_LANG": "en"}, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "meddle" not in done.stderr

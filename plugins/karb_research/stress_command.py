"""`karb stress FILE`: takes a strategy through bad days, one scenario file each, and says what became of it."""

from __future__ import annotations

import click

from karb_core.domain.decisions import Cited
from karb_core.errors import EndedOpen
from karb_core.ports import App, Play, Setting
from karb_research.director import Director
from karb_research.report import show, summary
from karb_research.report_json import document
from karb_research.scenario import Scenario
from karb_research.scenario_files import scenarios
from karb_research.verdict import Trial, Verdict, judged

_HELP = """\b
karb stress strategies/quickstart.yaml
karb stress strategies/quickstart.yaml --only flash-crash
karb stress strategies/kimp_tiered.yaml --scenarios scenarios --format json

The whole desk in virtual time, on a market that each scenario puts on. Nothing is sent anywhere. Ends with exit code
10 where a scenario was not survived.
"""


@click.command("stress", help=_HELP)
@click.argument("file")
@click.option("--scenarios", "folder", default=None, metavar="DIR", help="where the scenario files are")
@click.option("--only", multiple=True, metavar="NAME", help="only this scenario; may be given more than once")
@click.option("--data", default=None, metavar="DATASET", help="the dataset it is warmed up with")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(
    ctx: click.Context, file: str, folder: str | None, only: tuple[str, ...], data: str | None, form: str
) -> None:
    app = ctx.find_object(App)  # type: ignore[type-abstract]
    assert app is not None
    lines = app.lines(file)
    trials = []
    for scenario in scenarios(app, file, folder, only):
        trials.append(_tried(app, scenario, file, data, lines))
        if form == "text":
            show(app, trials[-1])
    if form == "json":
        app.json(document(file, trials, app.lang))
    else:
        summary(app, trials)
    ctx.exit(0 if all(trial.verdict is Verdict.SURVIVED for trial in trials) else EndedOpen.exit_code)


def _tried(app: App, scenario: Scenario, file: str, data: str | None, lines: dict[str, Cited]) -> Trial:
    seen: list[Setting] = []

    def put_on(setting: Setting) -> Play:
        seen.append(setting)
        return Director(scenario, setting)

    came = app.rehearse(file, data, put_on)
    return judged(scenario, seen[0], lines, came)

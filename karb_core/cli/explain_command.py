"""`karb explain CODE`: what an error code means, and what to do."""

from __future__ import annotations

from difflib import get_close_matches

import click

from karb_core.cli.terminal import Terminal, wrapped
from karb_core.errors import UsageMistake
from karb_core.texts.codes import CODES
from karb_core.texts.text import LANGUAGES, Text

_CELLS = 100
_HELP = """\b
karb explain K302
karb --lang ko explain K405
karb explain

Without a code: all of them.
"""


@click.command("explain", help=_HELP)
@click.argument("code", required=False)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, code: str | None, form: str) -> None:
    terminal = Terminal.of(ctx)
    at = LANGUAGES.index(terminal.lang)
    if code is None:
        if form == "json":
            terminal.json({"codes": {name: page[at].split("\n")[0] for name, page in CODES.items()}})
        for name, page in CODES.items() if form == "text" else ():
            terminal.out(f"{name}  {page[at].split(chr(10))[0]}")
        return
    wanted = code.upper() if code[:1] in "kK" else f"K{code}"
    if wanted not in CODES:
        near = get_close_matches(wanted, CODES, 1, 0.6)
        help_ = Text("did_you_mean", {"near": near[0]}) if near else Text("explain.all")
        raise UsageMistake(Text("explain.unknown", {"code": code}), help_)
    if form == "json":
        terminal.json({"code": wanted, "text": CODES[wanted][at]})
        return
    for line in f"{wanted}  {CODES[wanted][at]}".split("\n"):
        for part in wrapped(line, _CELLS):
            terminal.out(part)

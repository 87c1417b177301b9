"""`karb`: finds the command, imports it, and turns everything that goes wrong into one sentence and an exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence

import click

from karb_core import __version__
from karb_core.cli.app import TerminalApp
from karb_core.cli.commands import about, command_named, command_names
from karb_core.cli.terminal import Terminal, language
from karb_core.cli.usage import usage_mistake
from karb_core.errors import KarbError, UsageMistake
from karb_core.texts.text import LANGUAGES, Text, render

_EXAMPLES = """\b
karb new strategy premium.zscore,sizing.share -o kimp.yaml
karb check kimp.yaml
karb plan kimp.yaml
karb lock kimp.yaml --because "first rules"
"""


class _Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        return command_names()

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:  # noqa: ARG002 - as above
        return command_named(name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        from difflib import get_close_matches

        if args and self.get_command(ctx, args[0]) is None and not args[0].startswith("-"):
            near = get_close_matches(args[0], command_names(), 1, 0.6)
            help_ = Text("did_you_mean", {"near": near[0]}) if near else Text("usage.help", {"command": "karb"})
            raise UsageMistake(Text("command.unknown", {"name": args[0]}), help_)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        lang = Terminal.of(ctx).lang
        rows = [(name, render(about(name), lang)) for name in command_names()]
        with formatter.section(render(Text("help.commands"), lang)):
            formatter.write_dl(rows)


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001
    if value:
        click.echo(f"karb {__version__}")
        ctx.exit()


@click.command(cls=_Commands, invoke_without_command=True, help=_EXAMPLES, context_settings={"max_content_width": 110})
@click.option("--lang", type=click.Choice(LANGUAGES), default=None, help="language of messages / 메시지 언어 (en, ko)")
@click.option("--no-color", is_flag=True, help="no colours (also: NO_COLOR=1) / 색 없이")
@click.option(
    "--version", is_flag=True, expose_value=False, is_eager=True, callback=_show_version, help="show the version / 버전"
)
@click.pass_context
def _root(ctx: click.Context, lang: str | None, no_color: bool) -> None:
    terminal = Terminal(lang or language(os.environ), color=not no_color and "NO_COLOR" not in os.environ)
    ctx.obj = TerminalApp(terminal)
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs one command and exits. 130 for an interrupt, the error's own code for a KarbError, 1 for what karb did
    not expect. `arguments`: given by a process that goes on afterwards; None for those of this one's own command."""
    own = arguments is None
    if own:
        # A command makes many objects and drops few: looking for garbage at Python's usual pace is a tenth of a backtest.
        gc.set_threshold(1_000_000)
    _utf8()
    given = sys.argv[1:] if arguments is None else list(arguments)
    try:
        code = _answered(given)
    except BrokenPipeError:
        code = _closed_pipe()
    if own:
        gc.freeze()  # at exit Python would look through everything once more; the system takes it back faster
    sys.exit(code if isinstance(code, int) else 0)


def _answered(given: list[str]) -> object:
    try:
        return _run(given)
    except KarbError as e:
        return _said(e, given)
    except click.ClickException as e:
        return _said(usage_mistake(e), given)
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        raise
    except Exception as e:  # the outermost loop: the user gets a sentence, a developer the traceback
        if os.environ.get("KARB_DEBUG"):
            raise
        said = Text("unexpected", {"kind": type(e).__name__, "message": " ".join(str(e).split())[:300]})
        Terminal(language(os.environ, given)).error(said, Text("unexpected.help"))
        return 1


def _run(given: list[str]) -> object:
    """click's own way to run a command would answer a closed pipe with exit code 1 before `main` could see it."""
    if "_KARB_COMPLETE" in os.environ:
        return _root.main(args=given, prog_name="karb", standalone_mode=False)
    try:
        asked = TerminalApp(Terminal(language(os.environ, given)))  # help is shown before any option is read
        with _root.make_context("karb", list(given), obj=asked) as ctx:  # it takes the list apart
            return _root.invoke(ctx)
    except click.exceptions.Exit as e:
        return e.exit_code


def _said(error: KarbError, given: list[str]) -> int:
    Terminal(language(os.environ, given)).error(error.said, error.help)
    return error.exit_code


def _closed_pipe() -> int:
    # Whoever reads our output has gone (`karb list | head`): nothing is wrong, and nothing more can be said.
    for stream in (sys.stdout, sys.stderr):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
    return 0


def _utf8() -> None:
    """A console in CP949 or ASCII shows what it can; it never ends a command."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            encoding = (
                stream.encoding if (stream.encoding or "").lower() not in ("ascii", "ansi_x3.4-1968") else "utf-8"
            )
            stream.reconfigure(encoding=encoding, errors="replace")


if __name__ == "__main__":
    main()

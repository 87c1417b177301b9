"""What click says about a wrong command line, in one sentence and in the user's language."""

from __future__ import annotations

import click

from karb_core.errors import UsageMistake
from karb_core.texts.text import Said, Text, Words


def usage_mistake(error: click.ClickException) -> UsageMistake:
    """The same mistake in karb's own words; the help names the page that shows how the command is written."""
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx is not None else "karb"
    near = list(getattr(error, "possibilities", None) or ())
    help_ = Text("did_you_mean", {"near": near[0]}) if near else Text("usage.help", {"command": path})
    return UsageMistake(_said(error), help_)


def _said(error: click.ClickException) -> Said:
    # The order matters: a missing parameter is one kind of bad parameter. Where click has one class for several
    # mistakes only its text tells them apart; what is not recognised is passed on in click's own words.
    match error:
        case click.MissingParameter():
            return Text("usage.missing", {"name": _name(error)})
        case click.NoSuchOption():
            return Text("usage.no_option", {"name": error.option_name})
        case click.BadParameter() if isinstance(error.param and error.param.type, click.Choice):
            choices = getattr(error.param and error.param.type, "choices", ())
            return Text("usage.choice", {"name": _name(error), "choices": ", ".join(map(str, choices))})
        case click.BadOptionUsage():
            key = "usage.needs_value" if "requires" in error.message else "usage.no_value"
            return Text(key, {"name": error.option_name})
        case click.UsageError() if error.message.startswith("No such command"):
            return Text("command.unknown", {"name": error.message.split("'")[1]})
        case click.UsageError() if error.message.startswith("Got unexpected extra argument"):
            return Text("usage.extra", {"given": error.message.partition("(")[2].rpartition(")")[0]})
        case _:
            return Words(error.format_message())


def _name(error: click.BadParameter) -> str:
    if error.param is None:
        return str(error.param_hint or "")
    if isinstance(error.param, click.Option):
        return error.param.opts[-1]
    return error.param.make_metavar(error.ctx) if error.ctx is not None else error.param.human_readable_name

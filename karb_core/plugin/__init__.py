"""The plugin door. An author needs two names from here: `hookimpl` and, if asked for, `Api`."""

from karb_core.plugin.api import Api
from karb_core.plugin.hookspecs import hookimpl

__all__ = ["Api", "hookimpl"]

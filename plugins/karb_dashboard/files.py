"""The page and whatever it needs, read from the package once."""

from __future__ import annotations

import json
from importlib.resources import files

from karb_dashboard.settings import ServeSettings

_KINDS = {
    ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml", ".png": "image/png", ".webmanifest": "application/manifest+json",
}  # fmt: skip


def page_files(settings: ServeSettings, second: str, lang: str) -> dict[str, tuple[bytes, str]]:
    """By address: the bytes and what they are."""
    found = {}
    for file in files("karb_dashboard").joinpath("page").iterdir():
        kind = _KINDS.get("." + file.name.rpartition(".")[2])
        if kind is not None:
            found[f"/dashboard/{file.name}"] = (file.read_bytes(), kind)
    told = {"name": settings.name, "colour": settings.colour, "second": second, "lang": lang}
    found["/dashboard/settings.json"] = (json.dumps(told, ensure_ascii=False).encode(), "application/json")
    found["/dashboard"] = found["/dashboard/dashboard.html"]
    return found

"""The JSON Schema of a parameter class, in one language, with roles and units."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


def json_schema(model: type[BaseModel], ref: str, lang: str = "en") -> dict[str, Any]:
    """Draft 2020-12. Nested blocks stand under `$defs` of the result; `ref` is where the result will stand.

    Absent alternatives and grants carry no `default`; titles, which pydantic derives from Python names, go.
    """
    raw = model.model_json_schema(by_alias=True, ref_template=f"{ref}/$defs/{{model}}")
    return _told(raw, lang)  # type: ignore[no-any-return]


def _told(node: Any, lang: str) -> Any:
    if isinstance(node, list):
        return [_told(v, lang) for v in node]
    if not isinstance(node, dict):
        return node
    out = {k: v if k in ("examples", "enum") else _told(v, lang) for k, v in node.items() if not _dropped(k, node)}
    korean = out.pop("x-karb-ko", None)
    if korean and lang == "ko":
        out["description"] = korean
    return out


def _dropped(key: str, node: dict[str, Any]) -> bool:
    if key == "title":
        return isinstance(node[key], str)
    if key == "description" and "properties" in node and node.get("type") == "object":
        return True  # a docstring, written for whoever reads the code
    return key == "default" and (node[key] is None or "x-karb-absent" in node)

"""The page of every code that karb can report, for `karb explain`: code -> (English, Korean)."""

from __future__ import annotations

from karb_core.texts.codes_components import COMPONENT_PAGES
from karb_core.texts.codes_datasets import DATASET_PAGES
from karb_core.texts.codes_plugins import PLUGIN_PAGES
from karb_core.texts.codes_reading import READING_PAGES
from karb_core.texts.codes_whole import WHOLE_PAGES

PAGES = READING_PAGES | COMPONENT_PAGES | WHOLE_PAGES | DATASET_PAGES | PLUGIN_PAGES
CODES: dict[str, tuple[str, str]] = {code: PAGES[code].texts() for code in sorted(PAGES)}

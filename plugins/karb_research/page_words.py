"""A sentence in both languages at once; the page shows the one that it is in."""

from __future__ import annotations

from html import escape

from karb_core.texts.text import Words, render


def both(words: Words) -> str:
    """HTML. Edge: what is the same in both stands once."""
    en, ko = escape(render(words, "en")), escape(render(words, "ko"))
    return en if en == ko else f'<span class="en" lang="en">{en}</span><span class="ko" lang="ko">{ko}</span>'

"""Colours, width and wrapping."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from karb_core.cli.terminal import Terminal, padded, width, wrapped


def test_colour_is_a_choice(monkeypatch: pytest.MonkeyPatch):
    assert Terminal(color=False).style("x", "error") == "x"
    assert Terminal(color=True).style("x", "error").startswith("\x1b[")
    assert sys.stdout.isatty() is False


@given(st.text(alphabet="ab 가나é`", max_size=80), st.integers(4, 40))
@settings(max_examples=60, deadline=None)
def test_wrapping_loses_no_word_and_breaks_no_shorter_one(line: str, cells: int):
    line = " ".join(line.split())
    parts = wrapped(line, cells)
    assert " ".join(parts) == line
    assert all(width(part) <= cells or " " not in part for part in parts)


@pytest.mark.parametrize(("text", "cells"), [("김프", 4), ("abc", 3), ("é", 1), ("％", 2), ("", 0)])
def test_width_is_what_a_terminal_takes(text, cells):
    assert width(text) == cells
    assert width(padded(text, 10)) == 10

"""A bounded part of bench/decode.py: it tells what it measured, and its exit code whether the bars were met."""

from __future__ import annotations

import pytest

from bench.decode import main


@pytest.mark.parametrize(("bars", "exits", "word"), [("1e9,1e9,1e9", 0, "ok"), ("0,1e9,1e9", 1, "missed")])
def test_it_tells_every_reader_beside_bare_msgspec(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, bars: str, exits: int, word: str
) -> None:
    monkeypatch.delenv("KARB_WIRE_DATA", raising=False)
    assert main(["--messages", "20", "--rounds", "2", "--bars", bars]) == exits
    told = capsys.readouterr().out.splitlines()
    readers = [line.split("p50")[0].strip() for line in told if "p50" in line]
    assert [reader for reader in readers if reader != "orjson"] == [
        "json", "msgspec, bare", "karb, book unasked", "karb, exact top", "karb, exact book",
    ]  # fmt: skip
    assert told[-2].endswith(word)

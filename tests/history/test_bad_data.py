import pytest

from karb_core.errors import DataUnusable
from karb_core.history.bad_data import BadData


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ({}, "no price"),
        ({"series": "btc.csv"}, "btc.csv: no price"),
        ({"column": "close", "row": 0}, "column `close`, row 0: no price"),
        ({"series": "btc.csv", "column": "close", "row": 17}, "btc.csv, column `close`, row 17: no price"),
    ],
)
def test_the_sentence_names_what_is_known_of_the_place(place, sentence):
    bad = BadData("no price", **place)
    assert str(bad) == sentence
    assert isinstance(bad, DataUnusable)
    assert bad.exit_code == 7
    assert bad.place.row == place.get("row")

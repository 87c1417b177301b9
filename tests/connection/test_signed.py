"""What is signed and what is sent are one list of pairs; a key is never shown."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.connection.fields import hashed_text, sent_body, sent_query
from karb_core.connection.keys import Keys
from karb_core.connection.query_token import bearer
from karb_core.errors import StrategyInvalid
from karb_core.texts.text import Words, render

PAIRS = [("market", "KRW-BTC"), ("states[]", "done"), ("states[]", "cancel"), ("at", "2026-11-21T14:00:00+09:00")]


def test_a_query_is_hashed_plain_and_sent_encoded() -> None:
    assert hashed_text(PAIRS) == "market=KRW-BTC&states[]=done&states[]=cancel&at=2026-11-21T14:00:00+09:00"
    assert sent_query(PAIRS[1:2]) == "states%5B%5D=done"


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=5))
def test_what_is_sent_is_read_back_as_it_was(pairs: list[tuple[str, str]]) -> None:
    encodable = [(n, v) for n, v in pairs if not any("\ud800" <= c <= "\udfff" for c in n + v)]
    assert parse_qsl(sent_query(encodable), keep_blank_values=True) == encodable


def test_a_body_holds_the_text_that_was_hashed() -> None:
    assert sent_body([("price", "0.0010"), ("name", "김프")]) == '{"price":"0.0010","name":"김프"}'.encode()


def test_a_token_carries_its_claims_in_order_and_the_hash_of_the_parameters_behind_them() -> None:
    token = bearer("secret", {"access_key": "a", "nonce": "n", "timestamp": 1}, PAIRS).removeprefix("Bearer ")
    head, claims, signature = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert list(told) == ["access_key", "nonce", "timestamp", "query_hash", "query_hash_alg"]
    assert told["query_hash"] == hashlib.sha512(hashed_text(PAIRS).encode()).hexdigest()
    made = hmac.new(b"secret", f"{head}.{claims}".encode(), hashlib.sha256).digest()
    assert signature == base64.urlsafe_b64encode(made).rstrip(b"=").decode()


def test_a_call_without_parameters_has_no_hash_of_them() -> None:
    claims = bearer("secret", {"access_key": "a"}, []).split(".")[1]
    assert json.loads(base64.urlsafe_b64decode(claims + "==")) == {"access_key": "a"}


@pytest.mark.parametrize("value", ["", ":", "a", "a:", ":b", "a b:c", "a:b:c", "a:키", "a:b\nc"])
def test_what_cannot_be_a_key_is_none(value: str) -> None:
    assert Keys.read(value) is None


@pytest.mark.parametrize("value", ["", "planted-half", "planted:se cret"])
def test_a_secret_that_is_no_key_is_the_owners_to_set_and_no_part_of_it_is_shown(value: str) -> None:
    with pytest.raises(StrategyInvalid) as no:
        Keys.of_secret("secret:mine", value, Words("Somewhere", "어딘가"), "KEY:SECRET")
    for lang, venue in (("en", "Somewhere"), ("ko", "어딘가")):
        text = render(no.value.said, lang)
        assert all(word in text for word in ("secret:mine", venue, "KEY:SECRET"))
        assert not any(part in text for part in value.split(":") if part)
    assert Keys.of_secret("secret:mine", "a:b", Words("Somewhere", "어딘가")) == Keys("a", "b")


def test_a_key_is_read_and_never_shown() -> None:
    keys = Keys.read(" open:sesame\n")
    assert keys == Keys("open", "sesame")
    assert "open" not in repr(keys)
    assert "sesame" not in repr(keys)

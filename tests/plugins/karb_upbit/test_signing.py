"""Upbit's signature, against vectors that Upbit's own library and two others sign alike."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_core.connection.fields import Pairs, hashed_text, sent_body, sent_query
from karb_core.connection.keys import Keys
from karb_core.connection.query_token import Algorithm
from karb_upbit.signing import authorization
from tests.plugins.karb_upbit.upbit_here import KEYS

NONCE = "11111111-2222-4333-8444-555555555555"
UUIDS = [("order_by", "desc"), *(("uuids[]", f"aaaaaaaa-0000-4000-8000-00000000000{n}") for n in (1, 2))]
ORDER = [("market", "KRW-BTC"), ("ord_type", "limit"), ("side", "bid"), ("identifier", "bot-000001")]
ORDER += [("price", "145000000"), ("volume", "0.001")]
CLOSED = [("limit", "1000"), ("market", "KRW-BTC"), ("start_time", "2026-11-20T09:00:00+09:00")]
CLOSED += [("states[]", "done"), ("states[]", "cancel")]
ORDER_HASH = (
    "24721e41b241a9f5c0aca56ba4d2deb7d0d45885ccc5b117ce98a80b4f3c308ee7a22318c6d8c4d65ffe7a488c2956789b289d304dd8de065"
    "bea9b63bf3b678c"
)

VECTORS: list[tuple[str, Pairs, Algorithm, str | None, str]] = [
    ("U1", [], "HS256", None, "23h_DSrmKc7y6_WoO7E-cdjaDXbT8Waysm_AF9v7ucg"),
    (
        "U2", UUIDS, "HS256",
        "8b82920b5e426c5d003856cc22b7dcee17219d607b9bbd139b10a3fe36883e3a6006ffd6492dbc790dde8368c3a7a9db0a58cecd0dc6b"
        "be47179342c7fbe47f6",
        "jGkWzSFaL9j0ZO8ZqT8tUi-C4_cXJAtMzicV48OQZ8Y",
    ),
    ("U3", ORDER, "HS256", ORDER_HASH, "t7I-QC6exlb_Mo_Y8SF4M9XtjpBZtr5QNR0zj6qn9MU"),
    (
        "U4", CLOSED, "HS256",
        "1b3e191a6991e6049568cda3a3f5f7cb3de3fbb43d1e9d0276ff4e4c4d5038510f410abef467f96150f9760618f39b37e556aa49ad20e"
        "281f6a34fc57932fb5f",
        "GnJmus3qdzUUCJ2C8QsMppGDkHaKcmR3iN28FN3ZJOA",
    ),
    (
        "U3-512", ORDER, "HS512", ORDER_HASH,
        "P-cq8wbc2_cbKFJ5lT1fhJqgBEswt--C9HS6IQ8Llyh-RL1rAoa0NzpDZC3PcuvZblQ6sxh-UeTmlVL15tx1Hw",
    ),
]  # fmt: skip

U1_TOKEN = (
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhY2Nlc3Nfa2V5IjoidXBiaXQtdGVzdC1hY2Nlc3Mta2V5LTAwMDAwMDAwMDAwMDAwMDEiLCJub"
    "25jZSI6IjExMTExMTExLTIyMjItNDMzMy04NDQ0LTU1NTU1NTU1NTU1NSJ9.23h_DSrmKc7y6_WoO7E-cdjaDXbT8Waysm_AF9v7ucg"
)


@pytest.mark.parametrize(
    ("name", "pairs", "algorithm", "query_hash", "signature"), VECTORS, ids=[v[0] for v in VECTORS]
)
def test_signs_as_the_vector_says(
    name: str, pairs: Pairs, algorithm: Algorithm, query_hash: str | None, signature: str
) -> None:
    header, claims, signed = authorization(KEYS, NONCE, pairs, algorithm).removeprefix("Bearer ").split(".")
    assert signed == signature
    assert json.loads(base64.urlsafe_b64decode(header + "==")) == {"alg": algorithm, "typ": "JWT"}
    assert json.loads(base64.urlsafe_b64decode(claims + "==")).get("query_hash") == query_hash


def test_the_whole_token_is_the_one_that_others_make() -> None:
    assert authorization(KEYS, NONCE, []) == f"Bearer {U1_TOKEN}"


def test_what_is_hashed_is_not_what_is_encoded() -> None:
    assert hashed_text(CLOSED).endswith("start_time=2026-11-20T09:00:00+09:00&states[]=done&states[]=cancel")
    assert sent_query(UUIDS) == (
        "order_by=desc&uuids%5B%5D=aaaaaaaa-0000-4000-8000-000000000001"
        "&uuids%5B%5D=aaaaaaaa-0000-4000-8000-000000000002"
    )


def test_a_body_has_the_order_and_the_text_that_were_hashed() -> None:
    assert sent_body(ORDER).decode() == (
        '{"market":"KRW-BTC","ord_type":"limit","side":"bid","identifier":"bot-000001","price":"145000000",'
        '"volume":"0.001"}'
    )


@given(st.text(max_size=20))
def test_a_key_is_read_whole_or_not_at_all(written: str) -> None:
    keys = Keys.read(written)
    assert keys is None or f"{keys.access}:{keys.secret}" == written.strip()


@pytest.mark.parametrize("value", ["", "access", "access:", ":secret", "a:b:c", "a b:c", "a:열쇠", "a:b\nc"])
def test_what_cannot_be_a_key_is_none(value: str) -> None:
    assert Keys.read(value) is None


def test_a_key_is_never_shown() -> None:
    assert "test" not in repr(KEYS) + str(KEYS) + f"{KEYS}"

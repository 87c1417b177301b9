"""Bithumb's signatures, against vectors that clients of others' sign alike."""

from __future__ import annotations

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from karb_bithumb.legacy_signing import legacy_body, legacy_headers
from karb_bithumb.signing import authorization, stamp_ms
from karb_core.connection.clock_offset import ClockOffset
from karb_core.connection.fields import Pairs, hashed_text, sent_body
from karb_core.connection.keys import Keys
from tests.plugins.karb_bithumb.bithumb_here import KEYS

NONCE, AT_MS = "11111111-2222-4333-8444-555555555555", 1_795_237_200_000
ORDER = [("market", "KRW-BTC"), ("side", "bid"), ("order_type", "limit"), ("price", "145000000"), ("volume", "0.001")]
PLACED = [*ORDER, ("client_order_id", "bot-000001")]
LISTED = [("market", "KRW-BTC"), *(("uuids[]", f"C010100000300000000{n}") for n in (1, 2))]
BATCH = [(f"batch_orders[0][{name}]", value) for name, value in ORDER]

VECTORS: list[tuple[str, Pairs, str | None, str]] = [
    ("B1", [], None, "In5TjhNrDHy5om_DJ4z3XXXHV0cI6vo55T6H9vQdDyk"),
    (
        "B2", PLACED,
        "1ba8869df68e859ffb687af5e1a0c825b4635b3f9befbdeb71c107753356707cfbea4a8beecb9760bd880c45d097a63d9ad4d49d78300d3151"
        "7257acb568bf2e",
        "Hzj4Lsi_rc9snhGiZDh_2ASGX-YRZ9XEHI5Rx9DGzSc",
    ),
    (
        "B3", LISTED,
        "7c465b3a60634b03ef3f82b86342c933e01c5455f764c3ad1964e9ce3f5e6f907333e1b9ef95e9b981d189d88b69f34fac154203aae2989d6d"
        "af5615b81c4e83",
        "Vxba-nqKZKJMaZ4k6GmkiXWuyyEc0kcmIXhzZ2ANTns",
    ),
    (
        "B4", BATCH,
        "01b363b107c634f7d9cd5b2236085076849129fe82761dfd84e633c64b1c9df768672c30d41a015896979a67ad6e0259d50346f2236021a4c0"
        "5ad98f1e181b8d",
        "FmzeYlc-CUiq5SdB3f9lX8AaqBb95hm-JWRcq492L_U",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("name", "pairs", "query_hash", "signature"), VECTORS, ids=[v[0] for v in VECTORS])
def test_signs_as_the_vector_says(name: str, pairs: Pairs, query_hash: str | None, signature: str) -> None:
    scheme, _, token = authorization(KEYS, NONCE, AT_MS, pairs).partition(" ")
    head, claims, made = token.split(".")
    told = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert (scheme, made, told.get("query_hash")) == ("Bearer", signature, query_hash)
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == {"alg": "HS256", "typ": "JWT"}
    assert (told["access_key"], told["nonce"], told["timestamp"]) == (KEYS.access, NONCE, AT_MS)


def test_a_whole_token_is_the_vectors() -> None:
    assert authorization(KEYS, NONCE, AT_MS, []) == (
        "Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJhY2Nlc3Nfa2V5IjoiYml0aHVtYi10ZXN0LWFjY2Vzcy1rZXktMDAwMDAwMDAwMDAwM"
        "DEiLCJub25jZSI6IjExMTExMTExLTIyMjItNDMzMy04NDQ0LTU1NTU1NTU1NTU1NSIsInRpbWVzdGFtcCI6MTc5NTIzNzIwMDAwMH0.In5TjhNrDHy"
        "5om_DJ4z3XXXHV0cI6vo55T6H9vQdDyk"
    )


def test_the_body_holds_the_text_that_is_hashed() -> None:
    assert sent_body(PLACED) == (
        b'{"market":"KRW-BTC","side":"bid","order_type":"limit","price":"145000000","volume":"0.001",'
        b'"client_order_id":"bot-000001"}'
    )
    assert hashed_text(json.loads(sent_body(PLACED)).items()) == hashed_text(PLACED)


LEGACY = Keys("legacy-connect-key-0001", "legacy-secret-key-0001")


def test_the_older_signature_is_the_vectors() -> None:
    body = legacy_body("/info/balance", [("currency", "BTC")])
    assert body == "endpoint=%2Finfo%2Fbalance&currency=BTC"
    assert legacy_headers(LEGACY, "/info/balance", body, AT_MS) == {
        "Api-Key": "legacy-connect-key-0001",
        "Api-Sign": (
            "ZmQ2MzBmYzBlMmUwYWUxOGI1ZDg3Y2NiOGQ1MGJmNGZiNjc5MDEyNTZlNTQ5ODBjZTM4YzYwZTQ4N2IxZjI1ZjIyNDAyY2NiYWNiOGEyOTNlMDYw"
            "NmRkMTEzMjM1NTdlMGUzYWZhMTUwMzg2MGZlZmZhYWQ3NGI4NDM5MjMxYjQ="
        ),
        "Api-Nonce": "1795237200000",
        "Content-Type": "application/x-www-form-urlencoded",
    }


def test_in_the_older_form_a_space_is_a_plus_and_the_path_stands_first() -> None:
    assert legacy_body("/trade/place", [("type", "bid"), ("about", "a b")]) == (
        "endpoint=%2Ftrade%2Fplace&type=bid&about=a+b"
    )


def offset(least_ms: int, most_ms: int) -> ClockOffset:
    return ClockOffset(least_ms * 1_000_000, most_ms * 1_000_000)


@pytest.mark.parametrize(
    ("told", "stamp"),
    [
        (ClockOffset(), AT_MS),
        (offset(-400, 600), AT_MS),
        (offset(7200, 8200), AT_MS + 7200),
        (offset(-8200, -7200), AT_MS - 7200),
    ],
)
def test_our_time_is_moved_no_further_than_what_bithumb_told_makes_necessary(told: ClockOffset, stamp: int) -> None:
    assert stamp_ms(AT_MS * 1_000_000, told) == stamp


@given(st.integers(-(10**12), 10**12), st.integers(0, 10**12))
def test_a_stamp_lies_within_what_is_known_of_bithumbs_clock(least_ns: int, width_ns: int) -> None:
    now_ns, known = AT_MS * 1_000_000, ClockOffset(least_ns, least_ns + width_ns)
    stamp = stamp_ms(now_ns, known)
    assert known.earliest_ns(now_ns) // 1_000_000 <= stamp <= known.latest_ns(now_ns) // 1_000_000

"""Upbit's tokens, by the vectors of Upbit's own client, and what is wrong with others."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from hashlib import sha512
from http import HTTPStatus

import pytest

from karb_lab.korean.asked import Asked
from karb_lab.korean.refused import Refused
from karb_lab.korean.tokens import Tokens
from karb_lab.upbit.account import upbit_account

KEY, SECRET = "upbit-test-access-key-0000000000000001", "upbit-test-secret-key-0000000000000001"
NONCE = "11111111-2222-4333-8444-555555555555"
A, B = "aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"
U3 = '{"market":"KRW-BTC","ord_type":"limit","side":"bid","identifier":"bot-000001","price":"145000000","volume":"0.001"}'


def part(value: dict[str, str]) -> str:
    return urlsafe_b64encode(json.dumps(value, separators=(",", ":")).encode()).decode().rstrip("=")


def token(hashed: str, signature: str, algorithm: str = "HS256") -> str:
    claims = {"access_key": KEY, "nonce": NONCE}
    if hashed:
        claims |= {"query_hash": sha512(hashed.encode()).hexdigest(), "query_hash_alg": "SHA512"}
    return f"Bearer {part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}.{signature}"


def signed(claims: dict[str, str], secret: str = SECRET, algorithm: str = "HS256") -> str:
    head = f"{part({'alg': algorithm, 'typ': 'JWT'})}.{part(claims)}"
    made = hmac.digest(secret.encode(), head.encode(), "sha256")
    return f"Bearer {head}.{urlsafe_b64encode(made).decode().rstrip('=')}"


@pytest.fixture
def tokens() -> Tokens:
    return Tokens({KEY: upbit_account("owner", KEY, SECRET, {}, ("BTC",))})


@pytest.mark.parametrize(
    ("query", "body", "signature", "algorithm"),
    [
        ("", "", "23h_DSrmKc7y6_WoO7E-cdjaDXbT8Waysm_AF9v7ucg", "HS256"),
        (f"order_by=desc&uuids%5B%5D={A}&uuids%5B%5D={B}", "", "jGkWzSFaL9j0ZO8ZqT8tUi-C4_cXJAtMzicV48OQZ8Y", "HS256"),
        ("", U3, "t7I-QC6exlb_Mo_Y8SF4M9XtjpBZtr5QNR0zj6qn9MU", "HS256"),
        (
            "limit=1000&market=KRW-BTC&start_time=2026-11-20T09%3A00%3A00%2B09%3A00&states%5B%5D=done&states%5B%5D=cancel",
            "",
            "GnJmus3qdzUUCJ2C8QsMppGDkHaKcmR3iN28FN3ZJOA",
            "HS256",
        ),
        ("", U3, "P-cq8wbc2_cbKFJ5lT1fhJqgBEswt--C9HS6IQ8Llyh-RL1rAoa0NzpDZC3PcuvZblQ6sxh-UeTmlVL15tx1Hw", "HS512"),
    ],
    ids=["U1", "U2", "U3", "U4", "U3-512"],
)
def test_the_vectors_of_upbits_own_client_are_taken(
    tokens: Tokens, query: str, body: str, signature: str, algorithm: str
) -> None:
    hashed = Asked.read(query, body).hashed
    assert tokens.verified(token(hashed, signature, algorithm), hashed).key == KEY


def test_parameters_are_hashed_decoded_and_in_the_order_in_which_they_were_sent() -> None:
    assert Asked.read("b=2&a%5B%5D=x%3Ay&a[]=z", "").hashed == "b=2&a[]=x:y&a[]=z"
    assert Asked.read("", '{"volume":0.0010,"states":["done","wait"],"price":1e3,"none":null}').hashed == (
        "volume=0.0010&states[]=done&states[]=wait&price=1e3"
    )
    assert Asked.read("", "uuid=one&market=KRW-BTC").one("market") == "KRW-BTC"


@pytest.mark.parametrize(
    ("header", "name"),
    [
        (None, "no_authorization_token"),
        ("Basic abc", "no_authorization_token"),
        ("Bearer abc", "jwt_verification"),
        ("Bearer a.b.c", "jwt_verification"),
        (signed({"access_key": "nobody", "nonce": "1"}), "invalid_access_key"),
        (signed({"access_key": KEY, "nonce": "1"}, "another-secret"), "jwt_verification"),
        (signed({"access_key": KEY, "nonce": "1"}, algorithm="none"), "jwt_verification"),
        (signed({"access_key": KEY}), "jwt_verification"),
    ],
)
def test_what_is_wrong_with_a_token_is_told_by_upbits_name(tokens: Tokens, header: str | None, name: str) -> None:
    with pytest.raises(Refused) as told:
        tokens.verified(header, "")
    assert (told.value.name, told.value.status) == (name, HTTPStatus.UNAUTHORIZED)


def test_a_hash_of_other_parameters_or_none_is_refused(tokens: Tokens) -> None:
    plain = signed({"access_key": KEY, "nonce": "1"})
    for hashed in ("market=KRW-BTC", "market=KRW-ETH"):
        with pytest.raises(Refused) as told:
            tokens.verified(plain, hashed)
        assert told.value.name == "invalid_query_payload"


def test_a_nonce_is_used_once_and_only_by_a_token_that_was_right(tokens: Tokens) -> None:
    right, wrong = (signed({"access_key": KEY, "nonce": "7"}, secret) for secret in (SECRET, "another-secret"))
    with pytest.raises(Refused):
        tokens.verified(wrong, "")
    tokens.verified(right, "")
    with pytest.raises(Refused) as told:
        tokens.verified(right, "")
    assert told.value.name == "nonce_used"


def test_no_text_of_an_account_or_a_refusal_has_the_secret(tokens: Tokens) -> None:
    with pytest.raises(Refused) as told:
        tokens.verified(signed({"access_key": KEY, "nonce": "7"}, "another-secret"), "")
    account = upbit_account("owner", KEY, SECRET, {}, ("BTC",))
    assert SECRET not in repr(account) + str(account) + str(told.value) + told.value.body()

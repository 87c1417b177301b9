"""Our ids of intents and orders: the same decision mints the same id, so a restart finds what it sent."""

import hashlib
import json
import re
from base64 import b32encode
from dataclasses import dataclass

_FORM = re.compile(r"karb-([a-z0-9]{1,6})-([a-z2-7]{16})-([0-9])-(0|[1-9][0-9]{0,3})")
_INTENT = re.compile(r"[a-z2-7]{16}")


@dataclass(frozen=True, slots=True)
class OrderId:
    """What an order id of ours says: whose ledger, which intent, which leg, which attempt."""

    mark: str
    intent_id: str
    leg: int
    attempt: int

    @classmethod
    def read(cls, written: str) -> "OrderId | None":
        """The parts of an id of our form; None for anybody else's order."""
        found = _FORM.fullmatch(written)
        return cls(found[1], found[2], int(found[3]), int(found[4])) if found else None


def intent_id(*, rules_digest: str, strategy: str, pair: str, venue_at_ns: int, kind: str, ordinal: int) -> str:
    """Sixteen of [a-z2-7]: 80 bits of a hash of what decided.

    `ordinal` counts the intents of this kind, pair and moment. `strategy` keeps two files with the same rules at one
    account apart.
    """
    told = json.dumps([rules_digest, strategy, pair, venue_at_ns, kind, ordinal], ensure_ascii=True)
    return b32encode(hashlib.sha256(told.encode("ascii")).digest()[:10]).decode("ascii").lower()


def order_id(*, mark: str, intent_id: str, leg: int, attempt: int) -> str:
    """Shape: `karb-m1-abcdefghij234567-0-1`, at most 36 of [a-z0-9-], which every venue takes.

    `mark` is the ledger's, so that an order of another desk at this account is told apart. `attempt` rises only when
    the order before it is proven dead: an id is never used twice.
    Errors: ValueError for a mark, intent, leg (0-9) or attempt (0-9999) that the form cannot carry.
    """
    minted = f"karb-{mark}-{intent_id}-{leg}-{attempt}"
    if not _FORM.fullmatch(minted) or not _INTENT.fullmatch(intent_id):
        raise ValueError(f"{minted!r} is not an order id as karb mints it")
    return minted

"""No rate is a number that somebody wrote: a component cannot offer one, and a dataset cannot state one.

The accident behind this, two readings of one moment by two constants, is reckoned in tests/domain/test_premium.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, get_args

import pytest
from pydantic import BaseModel

from karb_core.domain.amount import Amount
from karb_core.plugin.catalogue import Catalogue
from karb_core.rulebook.dataset_file import Facts, GeneratedDataset, Rate, RateInFile, RecordedDataset, Tier
from karb_core.rules.exit_policy import ExitPolicy
from karb_core.rules.params import Params
from tests.rulebook.datasets import MINE, checked, edited

#: What a value of a rate would be. A duration is none: how old a rate may be is no rate.
NUMBERS = (Amount, Decimal, int, float, complex)
#: How far two told rates may be from each other is a bound on when none is told; no rate is ever made of it.
BOUNDS = {"fx.chain": ["apart"]}


def types_in(annotation: Any) -> Iterator[type]:
    """Every class that a value of the annotation may be made of, parts and alternatives included."""
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
        if issubclass(annotation, BaseModel):
            for field in annotation.model_fields.values():
                yield from types_in(field.annotation)
    for part in get_args(annotation):
        yield from types_in(part)


def numbers_of(params: type[Params]) -> list[str]:
    return [
        name
        for name, field in params.model_fields.items()
        if any(issubclass(t, NUMBERS) and t is not bool for t in types_in(field.annotation))
    ]


@pytest.mark.parametrize(
    ("block", "names"),
    [
        (ExitPolicy, {"exit_z", "stop_loss"}),
        (Tier, {"from_", "rate", "deduct"}),
        (Facts, {"spot", "perpetual"}),
        (GeneratedDataset, {"karb", "facts"}),
    ],
)
def test_a_number_would_be_seen(block: type[Params], names: set[str]) -> None:
    assert set(numbers_of(block)) == names


def test_no_installed_rate_takes_a_number_that_it_could_be() -> None:
    rates = [offer for offer in Catalogue.installed().offers() if offer.port == "fx_source"]
    assert {"fx.dunamu", "fx.recorded", "upbit.usdt_krw"} <= {offer.use for offer in rates}
    assert {offer.use: numbers_of(offer.params) for offer in rates} == {offer.use: [] for offer in rates} | BOUNDS


@pytest.mark.parametrize("block", [Rate, RateInFile])
def test_no_rate_of_a_dataset_takes_a_number(block: type[Params]) -> None:
    assert numbers_of(block) == []


def test_a_rate_of_a_dataset_comes_from_a_file_or_a_generator() -> None:
    assert RateInFile in set(types_in(RecordedDataset.model_fields["rates"].annotation))
    assert {name for name, field in RateInFile.model_fields.items() if field.is_required()} >= {
        "file",
        "known",
        "value",
    }
    assert GeneratedDataset.model_fields["generate"].is_required()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    value: fixing\n", "    value: 1350\n"),
        ("    value: fixing\n", "    value: 1,350 KRW\n    is: 1350\n"),
        ("    file: usdkrw.csv\n", "    file: 1350\n"),
        ("    file: usdkrw.csv\n", ""),
        ("    file: usdkrw.csv\n", "    constant: 1350\n"),
    ],
)
def test_a_dataset_that_states_a_rate_is_refused(old: str, new: str) -> None:
    assert checked(MINE).errors == ()
    wrong = checked(edited(old, new))
    assert wrong.dataset is None
    assert wrong.errors

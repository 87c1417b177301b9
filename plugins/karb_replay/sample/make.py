"""A whole sample from its spec."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

from dataclasses import fields, is_dataclass

import numpy as np

from karb_replay.sample.character import Character
from karb_replay.sample.coin import coin_sample
from karb_replay.sample.columns import Sample
from karb_replay.sample.draws import Draws
from karb_replay.sample.shared import shared_world
from karb_replay.sample.spec import SampleSpec

_MINUTE_MS = 60_000


def make_sample(spec: SampleSpec, character: Character | None = None) -> Sample:
    """The market that this seed makes of this character; under the same NumPy the same to the byte.

    A longer sample of the same seed and start begins with the bars of the shorter one, and a coin is the same whichever
    other coins there are. Errors: ValueError for a coin that has no character.
    """
    character = character or Character()
    chosen = [character.coin(name) for name in spec.coins]
    draws = Draws(spec.seed)
    shared = shared_world(spec, character, draws)
    minutes = (shared.crashes, shared.closed.begins, shared.closed.until)
    sample = Sample(
        spec,
        tuple(coin_sample(coin, spec, character, shared, draws) for coin in chosen),
        shared.dollar.fixings,
        *(spec.start_ms + at * _MINUTE_MS for at in minutes),
    )
    _freeze(sample)
    return sample


def _freeze(part: object) -> None:
    """Makes every column read-only: a sample is shared, and a column changed in place would be a different market."""
    if isinstance(part, np.ndarray):
        part.flags.writeable = False
    elif isinstance(part, tuple):
        for each in part:
            _freeze(each)
    elif is_dataclass(part):
        for field in fields(part):
            _freeze(getattr(part, field.name))

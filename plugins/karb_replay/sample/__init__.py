"""The project's own market, made up: years of minutes with the character of real premiums, without anybody's data.

It exists so that the first backtest, the tutorial and the tests need no download and no licence. It is synthetic
and says so in every folder it writes; no result on it says anything about money.
"""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

from karb_replay.sample.character import Character, CoinCharacter
from karb_replay.sample.columns import Bars, CoinSample, Funding, FxPoints, Sample, Tops
from karb_replay.sample.make import make_sample
from karb_replay.sample.spec import SampleSpec
from karb_replay.sample.write import write_sample

__all__ = [
    "Bars",
    "Character",
    "CoinCharacter",
    "CoinSample",
    "Funding",
    "FxPoints",
    "Sample",
    "SampleSpec",
    "Tops",
    "make_sample",
    "write_sample",
]

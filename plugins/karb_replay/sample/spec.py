"""Which sample is wanted."""

# karb: constants because it draws a made-up market, and nothing of it is asked when an order is decided

from dataclasses import dataclass
from datetime import UTC, date, datetime, time


@dataclass(frozen=True, slots=True)
class SampleSpec:
    """The days, the coins and the seed of one sample; two equal specs make the same bytes under the same NumPy.

    start: the first UTC day. days: how many whole UTC days. tops_days: of how many days at the end there are tops of
    book as well, every 30 seconds. Which coins there can be, the Character decides. Errors: TypeError for a start with
    a time of day; ValueError for what cannot be made (no days, no coins, a coin twice, a negative seed, more days of
    tops than days).
    """

    start: date
    days: int
    seed: int
    coins: tuple[str, ...] = ("BTC", "ETH", "XRP")
    tops_days: int = 0

    def __post_init__(self) -> None:
        if isinstance(self.start, datetime):
            raise TypeError("start is a UTC day, not a moment: write start=date(2024, 1, 1)")
        if self.days < 1:
            raise ValueError(f"days: {self.days} is not at least one day")
        if self.seed < 0:
            raise ValueError(f"seed: {self.seed} is negative")
        if not self.coins or len(set(self.coins)) < len(self.coins):
            raise ValueError(f"coins: {self.coins} must name at least one coin, each once")
        if not 0 <= self.tops_days <= self.days:
            raise ValueError(f"tops_days: {self.tops_days} is not within 0 and {self.days} days")

    @property
    def start_ms(self) -> int:
        """Milliseconds since 1970, UTC, of the first minute."""
        return int(datetime.combine(self.start, time(), UTC).timestamp()) * 1000

    @property
    def minutes(self) -> int:
        """How many minutes the sample has."""
        return self.days * 1440

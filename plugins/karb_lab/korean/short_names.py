"""The short names of a stream's fields. Source: Upbit's pages of its WebSocket API; Bithumb's are the same, where listed."""

from __future__ import annotations

from collections.abc import Mapping

from karb_lab.json_text import Json
from karb_lab.korean.quotation import Body

_SHORT = {
    "type": "ty", "code": "cd", "timestamp": "tms", "stream_type": "st",
    "opening_price": "op", "high_price": "hp", "low_price": "lp", "trade_price": "tp", "prev_closing_price": "pcp",
    "change": "c", "change_price": "cp", "signed_change_price": "scp", "change_rate": "cr", "signed_change_rate": "scr",
    "trade_volume": "tv", "acc_trade_volume": "atv", "acc_trade_volume_24h": "atv24h", "acc_trade_price": "atp",
    "acc_trade_price_24h": "atp24h", "trade_timestamp": "ttms", "ask_bid": "ab", "acc_ask_volume": "aav",
    "acc_bid_volume": "abv", "highest_52_week_price": "h52wp", "highest_52_week_date": "h52wdt",
    "lowest_52_week_price": "l52wp", "lowest_52_week_date": "l52wdt", "market_state": "ms", "delisting_date": "dd",
    "sequential_id": "sid", "best_ask_price": "bap", "best_ask_size": "bas", "best_bid_price": "bbp",
    "best_bid_size": "bbs", "total_ask_size": "tas", "total_bid_size": "tbs", "orderbook_units": "obu",
    "ask_price": "ap", "bid_price": "bp", "ask_size": "as", "bid_size": "bs", "level": "lv",
    "candle_date_time_utc": "cdttmu", "candle_date_time_kst": "cdttmk", "candle_acc_trade_volume": "catv",
    "candle_acc_trade_price": "catp",
    "uuid": "uid", "order_type": "ot", "state": "s", "trade_uuid": "tuid", "price": "p", "avg_price": "ap",
    "volume": "v", "remaining_volume": "rv", "executed_volume": "ev", "trades_count": "tc", "reserved_fee": "rsf",
    "remaining_fee": "rmf", "paid_fee": "pf", "locked": "l", "executed_funds": "ef", "time_in_force": "tif",
    "trade_fee": "tf", "is_maker": "im", "identifier": "id", "smp_type": "smpt", "prevented_volume": "pv",
    "prevented_locked": "pl", "order_timestamp": "otms",
    "asset_uuid": "astuid", "assets": "ast", "currency": "cu", "balance": "b", "asset_timestamp": "asttms",
}  # fmt: skip
#: The same name is short for the time of day in a ticker, and for the day and the time of a trade.
_OF_TICKER = {"trade_date": "tdt", "trade_time": "ttm"}
_OF_TRADE = {"trade_date": "td", "trade_time": "ttm"}


def simple(frame: Body) -> Json:
    """One message with short names. Edge: a name that has none stays."""
    return _short(frame, {**_SHORT, **(_OF_TICKER if frame.get("type") == "ticker" else _OF_TRADE)})


def _short(value: Json, short: Mapping[str, str]) -> Json:
    if isinstance(value, Mapping):
        return {short.get(name, name): _short(inner, short) for name, inner in value.items()}
    return [_short(inner, short) for inner in value] if isinstance(value, list) else value

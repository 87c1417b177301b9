"""Whether a recording that is killed lacks anything that it does not say.

    python bench/collect_soak.py                 ten minutes at a lab of its own, two kills
    python bench/collect_soak.py --minutes 60 --kills 12

`karb data collect` over real sockets, killed (SIGKILL) after equal parts of the time. Then every minute that the lab has
is looked for, every kill has to be in a hole of what is only told live, `karb data check` may find nothing but reported
gaps, and the recording has to backtest. Exits 1 otherwise.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.plugins.karb_data.at_the_lab import Recording, lab_and_recording
from tests.plugins.karb_data.unreported import unreported


def wrong(recording: Recording, seconds: int, kills: int) -> list[str]:
    part_s = seconds // (kills + 1)
    for _ in range(kills):
        recording.collect(part_s)
    recording.collect_for(part_s)
    out = unreported(recording)
    _, told = recording.karb("data", "check", "recordings", "--format", "json")
    found = json.loads(told.partition("error:")[0])["wrong"]
    out += [str(each) for each in found if each["problem"] != "gap"]
    recording.karb("data", "dataset", "recordings", "--out", "recorded.yaml", "--maintenance", "2.5%")
    code, told = recording.karb("backtest", "strategy.yaml", "--data", "recorded.yaml")
    print(recording.karb("data", "show", "recordings")[1])
    print(f"gaps that are reported: {len(found)}")
    return out if code == 0 else [*out, told]


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=10)
    asked.add_argument("--kills", type=int, default=2)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder, lab_and_recording(Path(folder)) as recording:
        found = wrong(recording, int(wanted.minutes * 60), wanted.kills)
    print("\n".join(found) or "nothing is missing that is not said")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())

"""Which pinned versions have known weaknesses, by pip-audit. Exit code 0: none known, or nobody could be asked."""

from __future__ import annotations

import json
import subprocess
import sys

_ASK = ("--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off")


def main(pins: str) -> int:
    """Edge: pip-audit passes a package over in silence when the service does not know it; that is no good news."""
    asked = subprocess.run(["pip-audit", "-r", pins, *_ASK], capture_output=True, encoding="utf-8", check=False)
    if not asked.stdout.strip():
        sys.stderr.write(asked.stderr)
        return _unreachable() if "ConnectionError" in asked.stderr else asked.returncode or 1
    told = json.loads(asked.stdout)["dependencies"]
    passed_over = [package["name"] for package in told if "skip_reason" in package]
    weak = [package for package in told if package.get("vulns")]
    if len(passed_over) == len(told):
        return _unreachable()
    for package in weak:
        for found in package["vulns"]:
            fixed = ", ".join(found["fix_versions"]) or "none yet"
            sys.stdout.write(f"{package['name']} {package['version']}: {found['id']}, fixed in: {fixed}\n")
    if passed_over:
        sys.stdout.write(f"not audited: {', '.join(passed_over)}\n")
    sys.stdout.write(f"{len(told) - len(passed_over)} packages audited, {len(weak)} with known weaknesses\n")
    return 1 if weak or passed_over else 0


def _unreachable() -> int:
    sys.stdout.write("NOTHING WAS AUDITED: the advisory service cannot be reached from this machine\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))

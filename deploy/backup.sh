#!/bin/sh
# backup.sh HOME FOLDER [KEEP]: a whole copy of the ledger of a desk that may be running, proved before it counts.
# Keys are not in it: keys.json opens only by a master key that is kept elsewhere, so both are the owner's to copy.
set -eu

home=${1:?which KARB_HOME}
folder=${2:?where to}
keep=${3:-28}
karb=${KARB:-/opt/karb/venv/bin/karb}

umask 077
mkdir -p "$folder"
name="$folder/ledger-$(date -u +%Y%m%dT%H%M%SZ).sqlite"
part="$name.part"
trap 'rm -f "$part" "$part-wal" "$part-shm"' EXIT

# SQLite's own way of copying a database that is written to meanwhile.
sqlite3 -cmd ".timeout 10000" "$home/ledger.sqlite" ".backup '$part'"
"$karb" ledger check --ledger "$part" >/dev/null
mv "$part" "$name"
echo "$name"

# The oldest go, the newest KEEP stay.
find "$folder" -maxdepth 1 -name 'ledger-*.sqlite' | sort -r | tail -n "+$((keep + 1))" | while IFS= read -r old; do
  rm -f "$old"
done

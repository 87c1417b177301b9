#!/bin/sh
# restore.sh BACKUP HOME: puts a backup in the ledger's place. What stood there stays beside it under another name.
# The desk must not be running. At its next start it asks the venues what happened since, before it enters anything.
set -eu

backup=${1:?which backup}
home=${2:?which KARB_HOME}
karb=${KARB:-/opt/karb/venv/bin/karb}
ledger="$home/ledger.sqlite"

if command -v systemctl >/dev/null 2>&1 && systemctl is-active --quiet karb 2>/dev/null; then
  echo "karb is running: systemctl stop karb" >&2
  exit 1
fi
"$karb" ledger check --ledger "$backup" >/dev/null

umask 077
if [ -e "$ledger" ]; then
  aside="$ledger.before-$(date -u +%Y%m%dT%H%M%SZ)"
  for part in "" -wal -shm; do
    if [ -e "$ledger$part" ]; then mv "$ledger$part" "$aside$part"; fi
  done
  echo "set aside: $aside"
fi
cp "$backup" "$ledger.part"
mv "$ledger.part" "$ledger"
echo "restored: $ledger"

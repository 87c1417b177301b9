#!/bin/sh
# install.sh [--root FOLDER] [--domain NAME] [--from SOURCE]: a fresh Debian or Ubuntu to a desk that is ready to run.
# Can be run again: what is there already stays, and each line says what was changed. Keys and the strategy stay yours.
#   --root    pretends: writes files below that folder and changes nothing of this machine
#   --domain  a reverse proxy with TLS for that name, and a firewall that lets in SSH and HTTPS alone
#   --from    what pip installs (default: the folder that this script lies in)
set -eu

here=$(CDPATH="" cd -- "$(dirname -- "$0")/.." && pwd)
root="" domain="" from="$here"
while [ $# -gt 0 ]; do
  case "$1" in
    --root) root=${2:?--root FOLDER}; shift 2 ;;
    --domain) domain=${2:?--domain NAME}; shift 2 ;;
    --from) from=${2:?--from SOURCE}; shift 2 ;;
    *) echo "unknown: $1" >&2; exit 2 ;;
  esac
done
case "$domain" in
  *[!A-Za-z0-9.-]*) echo "no name of a host: $domain" >&2; exit 2 ;;
esac
if [ -z "$root" ] && [ "$(id -u)" -ne 0 ]; then
  echo "run it as root, or with --root to look at what it would write" >&2
  exit 1
fi

changed() { echo "changed: $*"; }
really() { [ -z "$root" ]; }

# put FILE MODE: what is on stdin becomes the file, where it differs.
put() {
  target="$root$1"
  mkdir -p "$(dirname "$target")"
  cat >"$target.new"
  chmod "$2" "$target.new"
  if [ -e "$target" ] && cmp -s "$target" "$target.new"; then
    rm "$target.new"
    return 0
  fi
  mv "$target.new" "$target"
  changed "$1"
}

# once FOLDER MODE: a folder that is there and is private.
once() {
  if [ ! -d "$root$1" ]; then
    mkdir -p "$root$1"
    changed "$1"
  fi
  chmod "$2" "$root$1"
}

packages() {
  wanted="python3-venv sqlite3"
  if [ -n "$domain" ]; then wanted="$wanted caddy ufw"; fi
  missing=""
  for each in $wanted; do
    dpkg -s "$each" >/dev/null 2>&1 || missing="$missing $each"
  done
  if [ -n "$missing" ]; then
    apt-get update -q
    # shellcheck disable=SC2086 # several words are meant
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends $missing
    changed "packages:$missing"
  fi
}

user() {
  if ! id karb >/dev/null 2>&1; then
    useradd --system --home-dir /var/lib/karb --shell /usr/sbin/nologin karb
    changed "user karb"
  fi
}

program() {
  if [ ! -x /opt/karb/venv/bin/python ]; then
    python3 -m venv /opt/karb/venv
    changed "/opt/karb/venv"
  fi
  before=$(/opt/karb/venv/bin/python -m pip freeze)
  /opt/karb/venv/bin/python -m pip install -q --disable-pip-version-check --constraint "$here/constraints.txt" \
    "karb[live,dashboard,keys,discord] @ file://$from"
  if [ "$before" != "$(/opt/karb/venv/bin/python -m pip freeze)" ]; then changed "packages of /opt/karb/venv"; fi
}

if really; then
  packages
  user
  program
fi

once /etc/karb 750
once /var/lib/karb 700
once /var/backups/karb 700
for unit in karb.service karb-backup.service karb-backup.timer; do
  put "/etc/systemd/system/$unit" 644 <"$here/deploy/systemd/$unit"
done
for script in backup.sh restore.sh; do
  put "/opt/karb/deploy/$script" 755 <"$here/deploy/$script"
done
if [ ! -e "$root/etc/karb/environment" ]; then
  put /etc/karb/environment 600 <<'END'
# KARB_SECRET_NAME=... for secrets that are not in the keystore (karb keys add), KARB_LANG=ko, KARB_HALTS=redis://...
END
fi
if [ -n "$domain" ]; then
  put /etc/caddy/Caddyfile 644 <<END
$domain {
	reverse_proxy 127.0.0.1:8080
}
END
  once /var/lib/karb/serve 700
  if [ ! -e "$root/var/lib/karb/serve/settings.yaml" ]; then
    put /var/lib/karb/serve/settings.yaml 600 <<END
hosts: [$domain]
behind_proxy: true
END
  fi
fi

if really; then
  chown -R karb:karb /var/lib/karb /var/backups/karb
  chown root:karb /etc/karb
  systemctl daemon-reload
  systemctl enable -q karb.service karb-backup.timer
  systemctl start karb-backup.timer
  if [ -n "$domain" ]; then
    ufw allow OpenSSH >/dev/null
    ufw allow 443/tcp >/dev/null
    ufw allow 80/tcp >/dev/null # where certificates are proved
    ufw --force enable >/dev/null
    systemctl reload-or-restart caddy
  fi
fi

if [ ! -e "$root/etc/karb/strategy.yaml" ]; then
  echo "next: put your strategy and its lock at /etc/karb/strategy.yaml, then: systemctl start karb"
fi

#!/usr/bin/env bats
# What install.sh writes, tried below a folder: nothing of this machine is changed.

setup() {
  top="$BATS_TEST_DIRNAME/../.."
  root="$BATS_TEST_TMPDIR/root"
}

@test "it says each thing that it changed, and a second time changes nothing" {
  run "$top/deploy/install.sh" --root "$root"
  [ "$status" -eq 0 ]
  for each in /etc/systemd/system/karb.service /etc/karb/environment /opt/karb/deploy/backup.sh /var/lib/karb; do
    [[ "$output" == *"changed: $each"* ]]
    [ -e "$root$each" ]
  done
  run "$top/deploy/install.sh" --root "$root"
  [ "$status" -eq 0 ]
  [[ "$output" != *"changed:"* ]]
}

@test "what holds secrets is the owner's alone, and what the owner wrote stays" {
  "$top/deploy/install.sh" --root "$root" --domain desk.example
  [ "$(stat -c %a "$root/etc/karb/environment")" = 600 ]
  [ "$(stat -c %a "$root/var/lib/karb")" = 700 ]
  echo "KARB_LANG=ko" >"$root/etc/karb/environment"
  echo "hosts: [mine.example]" >"$root/var/lib/karb/serve/settings.yaml"
  "$top/deploy/install.sh" --root "$root" --domain desk.example
  [ "$(cat "$root/etc/karb/environment")" = "KARB_LANG=ko" ]
  [ "$(cat "$root/var/lib/karb/serve/settings.yaml")" = "hosts: [mine.example]" ]
}

@test "with a domain there is a proxy for it, and without none" {
  "$top/deploy/install.sh" --root "$root"
  [ ! -e "$root/etc/caddy/Caddyfile" ]
  "$top/deploy/install.sh" --root "$root" --domain desk.example
  grep -q "^desk.example {" "$root/etc/caddy/Caddyfile"
  grep -q "behind_proxy: true" "$root/var/lib/karb/serve/settings.yaml"
}

@test "a unit that was changed is put right, and said" {
  "$top/deploy/install.sh" --root "$root"
  echo "# by hand" >>"$root/etc/systemd/system/karb.service"
  run "$top/deploy/install.sh" --root "$root"
  [[ "$output" == *"changed: /etc/systemd/system/karb.service"* ]]
}

@test "what it does not know, and what is no name of a host, ends it before anything is written" {
  run "$top/deploy/install.sh" --root "$root" --speed
  [ "$status" -eq 2 ]
  run "$top/deploy/install.sh" --root "$root" --domain 'desk.example;reboot'
  [ "$status" -eq 2 ]
  [ ! -e "$root" ]
}

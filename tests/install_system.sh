#!/usr/bin/env bash
# Install what the tests need of the system, where we may; else say in one line what to install:
# bubblewrap for the sandbox, Chromium for the browser.
set -u
has_browser() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}
packages=""
command -v bwrap >/dev/null || packages="bubblewrap"
has_browser >/dev/null || packages="$packages chromium fonts-liberation"
[ -n "$packages" ] || exit 0
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
if command -v apt-get >/dev/null && $as_root true 2>/dev/null; then
  $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -qq -y --no-install-recommends $packages >/dev/null &&
    command -v bwrap >/dev/null && has_browser >/dev/null && exit 0
fi
echo "The tests need packages that are not here and could not be installed: apt-get install $packages" >&2
[ "${CI:-}" != true ]

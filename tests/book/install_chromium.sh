#!/usr/bin/env bash
# Install Chromium for the browser tests where we may; else say in one line what to install.
set -u
for name in chromium chromium-browser google-chrome; do
  command -v "$name" >/dev/null && exit 0
done
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
packages="chromium fonts-liberation"
if command -v apt-get >/dev/null && $as_root true 2>/dev/null; then
  $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -qq -y --no-install-recommends $packages >/dev/null &&
    command -v chromium >/dev/null && exit 0
fi
echo "The browser tests need Chromium, which is not here and could not be installed: apt-get install $packages" >&2
[ "${CI:-}" != true ]

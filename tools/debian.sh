#!/bin/sh
# Make sure that programs are installed: `tools/debian.sh chromium postgresql`. Install the missing
# ones from Debian as root; otherwise print the command to run, and stop.
set -eu

is_installed() {
  case $1 in
    chromium) command -v chromium || command -v chromium-browser || command -v google-chrome ;;
    chromium-headless-shell) command -v chromium-headless-shell ;;
    postgresql) command -v initdb || ls /usr/lib/postgresql/*/bin/initdb ;;
    gettext) command -v xgettext ;;
    nodejs) command -v node ;;
    npm) command -v npm ;;
    clamav-daemon) command -v clamd || ls /usr/sbin/clamd ;;
    strace) command -v strace ;;
    *) echo "tools/debian.sh does not know $1" >&2; exit 2 ;;
  esac >/dev/null 2>&1
}

missing=
for package in "$@"; do is_installed "$package" || missing="$missing $package"; done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "  Debian packages:$missing"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  # shellcheck disable=SC2086 - one word per package
  exec apt-get install -y -qq --no-install-recommends $missing >/dev/null
fi
echo "Some programs are missing. Run this and try again:" >&2
echo "  sudo apt-get install$missing" >&2
exit 1

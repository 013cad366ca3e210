#!/bin/sh
# Make .venv with the first Python that is new enough, unless a working one exists. The system's own
# Python is tried first: production runs on it (docs/operations/installation.md), and Debian's is
# faster than one built by hand.
set -eu

OLDEST='(3, 11)'
HERE=$(pwd -P)

is_new_enough() {
  "$1" -c "import sys, venv, ensurepip; sys.exit(sys.version_info < $OLDEST)" 2>/dev/null
}

if [ -x .venv/bin/python ] && is_new_enough .venv/bin/python &&
  grep -qsF "$HERE/.venv/" .venv/bin/pip; then
  exit 0
fi
for name in ${PYTHON:-/usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11}; do
  if command -v "$name" >/dev/null && is_new_enough "$name"; then
    exec "$name" -m venv --clear .venv
  fi
done
echo "Python 3.11 or later is needed, with its venv module" \
  "(Debian: apt-get install python3 python3-venv)." >&2
exit 1

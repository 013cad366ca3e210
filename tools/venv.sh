#!/bin/sh
# Makes .venv with the first Python on this machine that is new enough; keeps the one that is there when it works here. The
# system's own comes first: production runs on it (docs/operations/installation.md), and Debian's is quicker than one built by hand.
set -eu

OLDEST='(3, 11)'
HERE=$(pwd -P)

suits() { "$1" -c "import sys, venv, ensurepip; sys.exit(sys.version_info < $OLDEST)" 2>/dev/null; }

if [ -x .venv/bin/python ] && suits .venv/bin/python && grep -qsF "$HERE/.venv/" .venv/bin/pip; then
  exit 0
fi
for name in ${PYTHON:-/usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11}; do
  if command -v "$name" >/dev/null && suits "$name"; then
    exec "$name" -m venv --clear .venv
  fi
done
echo "Python 3.11 or later is needed, with its venv module (Debian: apt-get install python3 python3-venv)." >&2
exit 1

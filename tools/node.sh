#!/bin/sh
# Stop with a message if Node is missing or too old for the bundler.
set -eu

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "Node 20 or later is needed, with npm (Debian: apt-get install nodejs npm)." >&2
  exit 1
fi
if ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
  echo "Node 20 or later is needed; this is $(node --version)." >&2
  exit 1
fi

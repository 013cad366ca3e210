#!/bin/sh
# Delete the demo's data in the given folder. Refuse if folder or database is not the demo's.
set -eu

data=$1
if [ -n "${DATABASE_URL:-}" ]; then
  echo "DATABASE_URL is set: empty that database yourself; this deletes only the demo's files." >&2
  exit 1
fi
if [ -e "$data/portaal.sqlite3" ] && [ ! -e "$data/demo" ]; then
  echo "$data was not made by \`make run\`: nothing was removed." >&2
  exit 1
fi
echo "  Removing the demo's data from $data"
rm -rf "$data"/portaal.sqlite3* "$data/files" "$data/postvak" "$data/keys" "$data/demo"

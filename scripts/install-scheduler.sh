#!/bin/sh
# csep scheduler install, with this clone's program or the installed one. Flags go through: --dry-run, --kind, --replace.
set -eu
program=$(cd "$(dirname "$0")/.." && pwd)/dist/csep.js
[ ! -f "$program" ] || exec node "$program" scheduler install "$@"
command -v csep >/dev/null || { echo 'install-scheduler.sh: no csep on PATH, and this clone is not built (npm ci)' >&2; exit 1; }
exec csep scheduler install "$@"

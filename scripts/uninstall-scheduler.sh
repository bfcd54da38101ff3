#!/bin/sh
# csep scheduler uninstall, with this clone's program or the installed one. Flags go through: --dry-run.
set -eu
program=$(cd "$(dirname "$0")/.." && pwd)/dist/csep.js
[ ! -f "$program" ] || exec node "$program" scheduler uninstall "$@"
command -v csep >/dev/null || { echo 'uninstall-scheduler.sh: no csep on PATH, and this clone is not built (npm ci)' >&2; exit 1; }
exec csep scheduler uninstall "$@"

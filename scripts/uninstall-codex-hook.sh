#!/bin/sh
# csep uninstall, with this clone's program or the installed one. Flags go through: --dry-run, --purge.
set -eu
program=$(cd "$(dirname "$0")/.." && pwd)/dist/csep.js
[ ! -f "$program" ] || exec node "$program" uninstall "$@"
command -v csep >/dev/null || { echo 'uninstall-codex-hook.sh: no csep on PATH, and this clone is not built (npm ci)' >&2; exit 1; }
exec csep uninstall "$@"

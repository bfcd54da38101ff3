#!/bin/sh
# csep install, with this clone's program or the installed one. Flags go through: --dry-run, --trust, --plugin.
set -eu
program=$(cd "$(dirname "$0")/.." && pwd)/dist/csep.js
[ ! -f "$program" ] || exec node "$program" install "$@"
command -v csep >/dev/null || { echo 'install-codex-hook.sh: no csep on PATH, and this clone is not built (npm ci)' >&2; exit 1; }
exec csep install "$@"

#!/usr/bin/env bash
# The loop from the command line, in seven steps; what `docker compose run --rm e2e` runs. It needs no Docker:
# `npm run e2e:local` is the same on this machine. Works in a temporary folder, asks nobody, sends nothing.
# CSEP_E2E_SKIP_TESTS=1 leaves the first step out, where the tests have just been run.
set -euo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
cd "$root"

work="$(mktemp -d "${TMPDIR:-/tmp}/csep-e2e-local-XXXXXX")"
trap 'rm -rf "$work"' EXIT
repo="$work/repo"
mkdir -p "$repo/.git" "$work/codex"
printf 'ref: refs/heads/main\n' >"$repo/.git/HEAD"

step() { printf '\n[%s/7] %s\n' "$1" "$2"; }
csep() {
  env -u CODEX_CWD -u CODEX_STATE_DIR -u CODEX_HOOK_PAYLOAD -u CODEX_RECALL_QUERY \
    HOME="$work" CODEX_HOME="$work/codex" CODEX_SELF_EVOLUTION_HOME="$work/home" \
    node "$root/dist/cli.js" "$@" --json
}
# expect FILE EXPRESSION: the expression over the JSON of the file, `it`, must hold.
expect() {
  node -e '
    const [file, expression] = process.argv.slice(1);
    const text = require("node:fs").readFileSync(file, "utf8");
    if (new Function("it", `return ${expression}`)(JSON.parse(text))) process.exit(0);
    console.error(`expected ${expression} of:\n${text}`);
    process.exit(1);
  ' "$1" "$2"
}

step 1 'the tests'
if [ "${CSEP_E2E_SKIP_TESTS:-}" = 1 ]; then echo 'left out'; else npm test; fi
[ -f dist/cli.js ] || npm run build

step 2 'session-start makes the state of a repository'
csep session-start --cwd "$repo" >"$work/start.json"
expect "$work/start.json" 'it.hook === "SessionStart" && it.state_dir.length > 0'
state="$(node -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).state_dir' "$work/start.json")"

step 3 'stop-review of a payload'
node -e '
  const [cwd] = process.argv.slice(1);
  const content = "The integration tests need Redis on port 6380.";
  const details = { content, source_paths: [] };
  console.log(JSON.stringify({
    session_id: "e2e",
    cwd,
    transcript: `User: ${content}`,
    reviewer_provider: "dummy",
    provider_stub_response: {
      memory_updates: [{ summary: "Integration tests need Redis", details: { ...details, scope: "global", action: "add" } }],
      recall_candidate: [{ summary: "Redis port of the integration tests", details }],
      skill_action: [{
        summary: "How to run the integration tests",
        confidence: 0.95,
        details: {
          action: "create",
          skill_id: "run-integration-tests",
          title: "Run the integration tests",
          description: "Use when the integration tests of this repository are to be run.",
          content: "1. Start Redis on port 6380.\n2. Run `make integration`.\n3. Stop Redis again.",
        },
      }],
    },
  }));
' "$repo" >"$work/stop.json"
csep stop-review --hook-payload "$work/stop.json" >"$work/review.json"
expect "$work/review.json" 'it.suggestion_count === 3 && it.skipped_suggestion_count === 0'

step 4 'compile-preflight says that there is work'
csep compile-preflight --repo-root "$repo" >"$work/preflight.json"
expect "$work/preflight.json" 'it.status === "run" && it.pending === 1'

step 5 'compile with agent:opencode, which is not there: script does the work'
CODEX_SELF_EVOLUTION_OPENCODE_COMMAND="$work/no-opencode" CODEX_SELF_EVOLUTION_OPENCODE_MODEL=mock/none \
  csep compile --once --repo-root "$repo" --backend agent:opencode >"$work/compile.json"
expect "$work/compile.json" 'it.status === "success" && it.fallback_backend === "script" && it.processed_count === 1'

step 6 'recall-trigger finds it'
csep recall-trigger 'which Redis port did the integration tests need again' --cwd "$repo" >"$work/recall.json"
expect "$work/recall.json" 'it.count > 0 && it.focused_recall.includes("6380")'

step 7 'memory, skill and receipt are where they belong'
grep -q 'port 6380' "$state/memory/MEMORY.md"
grep -q 'make integration' "$state/skills/managed/run-integration-tests.md"
expect "$state/skills/manifest.json" 'it.skills.some((skill) => skill.skill_id === "run-integration-tests")'
expect "$state/compiler/last_receipt.json" 'JSON.stringify(it).includes("agent:opencode")'
ls -R "$state/suggestions/done" | grep -q '\.json$'

printf '\nall seven steps passed\n'

/** What `config init` writes: every key as a comment with its default, so that only what is changed is fixed. */
export const CONFIG_TEMPLATE = `# Settings of codex-self-evolution. Every line that begins with "# " and a key shows the default;
# remove the "# " to change it. Keys of providers do not belong here but into .env.provider.
# \`csep config show\` prints each value and where it comes from, \`csep config validate\` checks this file,
# docs/configuration.md explains every key.

schema_version = 3

# Which of the profiles below reviews sessions; without one the built-in heuristic does, which asks nobody.
# \`csep config use <name>\` says so here.
# active_profile = "openai"

[profiles.openai]
provider = "openai-compatible"
# model = "gpt-4.1-mini"
# base_url = "https://api.openai.com/v1"
# api_key_env = "OPENAI_API_KEY"
# timeout_seconds = 30
# max_tokens = 4096
# max_retries = 3
# retry_backoff = 1

[profiles.anthropic]
provider = "anthropic-style"

[profiles.minimax]
provider = "minimax"

# Your own login, no key.
[profiles.codex]
provider = "codex-cli"
# command = ["codex"]

[profiles.opencode]
provider = "opencode-cli"
# command = ["opencode"]

# Any program: it gets the material on stdin and prints the answer.
# [profiles.mine]
# provider = "command"
# command = ["/path/to/program", "--flag"]
# payload_mode = "stdin"
# response_format = "raw-json"

[review]
# enabled = true
# quiet_seconds = 60
# min_new_chars = 200
# daily_calls = 200
# daily_tokens = 2000000
# skip = []

# One line per repository, by the canonical root of its main worktree.
[review.repositories]
# "/home/me/private" = false

[compile]
# mode = "auto"
# backend = "script"
# batch_size = 100
# fallback = true

[compile.opencode]
# command = ["opencode"]
# model = ""
# agent = ""
# timeout_seconds = 900

[compile.codex]
# command = ["codex"]
# model = ""
# timeout_seconds = 900

[recall]
# top_k = 3
# on_prompt = true
# other_repositories = true
# session_tokens = 2500

[scheduler]
# interval_seconds = 300
# backend = ""
# opportunistic = true

[log]
# max_bytes = 1000000
# kept = 3

[retention]
# generations = 20
# days = 14
# receipt_days = 365
`;

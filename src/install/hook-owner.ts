/** Whose hook a command is: ours, the Python plugin's (which writes the same home), or anybody else's. */
export type HookOwner = 'ours' | 'python' | 'other';

/** How a file of ours is called from a hook: the launcher, the bundle, or a bin. */
const OURS =
  /(?:^|[\s'"\\/])(?:hook(?:\.cjs|\.cmd)?|cli\.js|csep(?:\.js)?|codex-self-evolution)["'^]*\s+(?:session-start|prompt-recall|stop-review)\b[^\n]*--from-stdin/;

/** uvx, pipx, a virtual environment, or the module by its name. */
const PYTHON =
  /codex_self_evolution|\b(?:uvx?|pipx)(?:\.exe)?["']?\s[^\n]*codex-self-evolution|python[\d.]*(?:\.exe)?["']?\s[^\n]*codex-self-evolution|(?:venv|site-packages)[\\/][^\n]*codex-self-evolution/;

export function ownerOf(command: string): HookOwner {
  if (PYTHON.test(command)) return 'python';
  return OURS.test(command) ? 'ours' : 'other';
}

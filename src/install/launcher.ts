import { shellWord } from './shell-word.ts';

/** What a launcher starts. */
export interface LauncherTarget {
  /** `hook`: fails open and quietly; `program`: tells what is wrong, and hands the exit code on. */
  kind: 'hook' | 'program';
  /** Absolute path of the node that installed us; it comes first. */
  node: string;
  /** Absolute path of the installed version. */
  folder: string;
  /** The home that the hooks use, unless their environment names another. */
  home: string;
}

/** In `kind`'s order. */
const FILES = { hook: 'hook.cjs', program: 'csep.js' } as const;

/** Said by a session's start, in Codex's protocol: nothing else would say why nothing happens. */
const NO_NODE = JSON.stringify({
  systemMessage:
    'codex-self-evolution did not run: no Node 20.19 or newer was found. Install Node, then run: csep install',
});

/** Where programs that manage versions of Node put them. */
const FALLBACKS = [
  '"$HOME/.volta/bin/node"',
  '"$HOME"/.nvm/versions/node/*/bin/node',
  '"$HOME/.local/share/fnm/aliases/default/bin/node"',
  '"$HOME"/.local/share/fnm/node-versions/*/installation/bin/node',
  '"$HOME/Library/Application Support/fnm/aliases/default/bin/node"',
  '"$HOME"/.local/share/mise/installs/node/*/bin/node',
  '"$HOME/.asdf/shims/node"',
  '/opt/homebrew/bin/node',
  '/usr/local/bin/node',
  '/home/linuxbrew/.linuxbrew/bin/node',
  '/usr/bin/node',
];

/**
 * The script that hooks and schedulers call: its path never changes, so neither an update nor another
 * Node unties the trust of a hook. As long as both are where they were it costs one exec.
 */
export function shellLauncher({ kind, node, folder, home }: LauncherTarget): string {
  const file = FILES[kind];
  const giveUp =
    kind === 'hook'
      ? `[ "$1" = session-start ] && printf '%s' ${shellWord(NO_NODE)}\nexit 0`
      : `echo 'csep: no Node 20.19 or newer was found; install it, then run csep install again' >&2\nexit 127`;
  return `#!/bin/sh
# Written by csep install; csep uninstall removes it. Changes here are lost with the next update.
node=${shellWord(node)}
app=${shellWord(folder)}
[ -n "$CODEX_SELF_EVOLUTION_HOME" ] || CODEX_SELF_EVOLUTION_HOME=${shellWord(home)}
export CODEX_SELF_EVOLUTION_HOME
[ -x "$node" ] && [ -f "$app/${file}" ] && exec "$node" "$app/${file}" "$@"
for other in "$(dirname "$app")"/[0-9]*; do
  [ -f "$app/${file}" ] || app=$other
done
is_new_enough() {
  [ -x "$1" ] && "$1" -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' </dev/null >/dev/null 2>&1
}
for node in "$node" "$(command -v node 2>/dev/null)" ${FALLBACKS.join(' ')}; do
  is_new_enough "$node" && [ -f "$app/${file}" ] && exec "$node" "$app/${file}" "$@"
done
${giveUp}
`;
}

/** The same for cmd.exe; what hooks of Windows call. */
export function cmdLauncher({ kind, node, folder, home }: LauncherTarget): string {
  const file = `${folder}\\${FILES[kind]}`;
  const end = kind === 'hook' ? 'exit /b 0' : 'exit /b %ERRORLEVEL%';
  return [
    '@echo off',
    'rem Written by csep install; csep uninstall removes it.',
    'setlocal',
    `set "NODE=${inBatch(node)}"`,
    'if not exist "%NODE%" set "NODE=node"',
    `if not defined CODEX_SELF_EVOLUTION_HOME set "CODEX_SELF_EVOLUTION_HOME=${inBatch(home)}"`,
    `"%NODE%" "${inBatch(file)}" %*${kind === 'hook' ? ' 2>nul' : ''}`,
    end,
    '',
  ].join('\r\n');
}

const inBatch = (text: string): string => text.replaceAll('%', '%%');

import type { ArgsDef } from 'citty';

/** Flags that many commands share, with the environment variables that stand in for them (FORMATS, Environment). */
export const jsonFlag = {
  json: { type: 'boolean', description: 'Print JSON even on a terminal', default: false },
} as const satisfies ArgsDef;

export const cwdFlag = {
  cwd: { type: 'string', description: 'Folder the session works in (default: CODEX_CWD, then the current folder)' },
} as const satisfies ArgsDef;

export const repoRootFlag = {
  'repo-root': { type: 'string', description: 'Repository (default: CODEX_CWD, then the current folder)' },
} as const satisfies ArgsDef;

export const stateDirFlag = {
  'state-dir': { type: 'string', description: 'Bucket folder itself (default: CODEX_STATE_DIR, then found by --cwd)' },
} as const satisfies ArgsDef;

export const homeFlag = {
  home: {
    type: 'string',
    description: 'Home folder (default: CODEX_SELF_EVOLUTION_HOME, then ~/.codex-self-evolution)',
  },
} as const satisfies ArgsDef;

/** Of the commands that work on one bucket. */
export const bucketFlags = { ...cwdFlag, ...stateDirFlag, ...homeFlag, ...jsonFlag } as const satisfies ArgsDef;

/** Told, never parsed: a call that has it is a hook, and goes another way before citty is loaded (run-bin.ts). */
export const fromStdinFlag = {
  'from-stdin': {
    type: 'boolean',
    description:
      'Be the hook: read the event of Codex from stdin, answer in its protocol or not at all, and exit with 0',
    default: false,
  },
} as const satisfies ArgsDef;

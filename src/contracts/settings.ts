/**
 * What the program is told to do, after flags, environment, config.toml and defaults were put together
 * (`src/config/`): every key present, every value checked, names as in the program. The form that people
 * write has snake_case keys and leaves most of them out.
 */

/** How one reviewer is asked; a table `[profiles.<name>]` of config.toml. Absent keys fall through to the provider's own defaults. */
export interface Profile {
  /** dummy, heuristic, openai-compatible, anthropic-style, minimax, codex-cli, opencode-cli or command. */
  provider: string;
  model?: string;
  baseUrl?: string;
  /** Name of the variable that holds the key; never the key. */
  apiKeyEnv?: string;
  timeoutSeconds?: number;
  maxTokens?: number;
  maxRetries?: number;
  /** Seconds before the first retry; doubled for each further one. */
  retryBackoff?: number;
  /** Program and arguments, no shell; for subprocess reviewers. */
  command?: string[];
  payloadMode?: 'stdin' | 'file' | 'inline';
  responseFormat?: 'codex-events' | 'opencode-events' | 'raw-json';
}

export interface Settings {
  /** Null: no profile; the hook then takes the heuristic. */
  activeProfile: string | null;
  profiles: Record<string, Profile>;
  review: {
    enabled: boolean;
    quietSeconds: number;
    minNewChars: number;
    dailyCalls: number;
    dailyTokens: number;
    /** Globs of canonical roots whose sessions are never reviewed. */
    skip: string[];
    /** Canonical root → reviewed or not; beats `enabled`. */
    repositories: Record<string, boolean>;
  };
  compile: {
    /** review: nothing is promoted before a yes. */
    mode: 'auto' | 'review';
    /** script, agent:opencode or agent:codex. */
    backend: string;
    batchSize: number;
    fallback: boolean;
    opencode: { command: string[]; model: string | null; agent: string | null; timeoutSeconds: number };
    codex: { command: string[]; model: string | null; timeoutSeconds: number };
  };
  recall: {
    topK: number;
    /** Whether prompts of a session are answered with recall. */
    onPrompt: boolean;
    /** Whether other repositories are searched when this one knows little. */
    otherRepositories: boolean;
    /** Most tokens that a session starts with. */
    sessionTokens: number;
  };
  scheduler: {
    intervalSeconds: number;
    /** Null: `compile.backend`. */
    backend: string | null;
    /** A session's start compiles in the background what waits, where no scheduler has run lately. */
    opportunistic: boolean;
  };
  log: { maxBytes: number; kept: number };
  retention: { generations: number; days: number; receiptDays: number };
}

export const DEFAULT_SETTINGS: Settings = {
  activeProfile: null,
  profiles: {},
  review: {
    enabled: true,
    quietSeconds: 60,
    minNewChars: 200,
    dailyCalls: 200,
    dailyTokens: 2_000_000,
    skip: [],
    repositories: {},
  },
  compile: {
    mode: 'auto',
    backend: 'script',
    batchSize: 100,
    fallback: true,
    opencode: { command: ['opencode'], model: null, agent: null, timeoutSeconds: 900 },
    codex: { command: ['codex'], model: null, timeoutSeconds: 900 },
  },
  recall: { topK: 3, onPrompt: true, otherRepositories: true, sessionTokens: 2_500 },
  scheduler: { intervalSeconds: 300, backend: null, opportunistic: true },
  log: { maxBytes: 1_000_000, kept: 3 },
  retention: { generations: 20, days: 14, receiptDays: 365 },
};

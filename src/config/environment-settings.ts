import * as v from 'valibot';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Environment } from '../kernel/home.ts';
import { SETTING_VARIABLES } from './setting-variables.ts';
import { SettingsSchema } from './settings-schema.ts';

/** A setting that a variable of the environment sets. */
export interface EnvironmentSetting {
  path: readonly string[];
  value: unknown;
  variable: string;
}

interface Variable {
  paths: readonly (readonly string[])[];
  schema: v.GenericSchema;
  read: (text: string) => unknown;
}

const asIs = (text: string): string => text;
const { compile, scheduler } = SettingsSchema.entries;
const { opencode } = compile.entries;

/**
 * What each variable sets; the later one wins. Those of the reviewer change the profile that is asked
 * (reviewer/reviewer-settings.ts).
 */
const VARIABLES: Record<(typeof SETTING_VARIABLES)[number], Variable> = {
  CODEX_SELF_EVOLUTION_COMPILE_BACKEND: {
    // Scans too: a variable beats what the file says about them.
    paths: [
      ['compile', 'backend'],
      ['scheduler', 'backend'],
    ],
    schema: compile.entries.backend,
    read: asIs,
  },
  CODEX_SELF_EVOLUTION_OPENCODE_COMMAND: {
    paths: [['compile', 'opencode', 'command']],
    schema: opencode.entries.command,
    read: (text) => text.split(/\s+/),
  },
  CODEX_SELF_EVOLUTION_OPENCODE_MODEL: {
    paths: [['compile', 'opencode', 'model']],
    schema: opencode.entries.model,
    read: asIs,
  },
  CODEX_SELF_EVOLUTION_OPENCODE_AGENT: {
    paths: [['compile', 'opencode', 'agent']],
    schema: opencode.entries.agent,
    read: asIs,
  },
  CSEP_SCHEDULER_INTERVAL: {
    paths: [['scheduler', 'intervalSeconds']],
    schema: scheduler.entries.intervalSeconds,
    read: Number,
  },
  CSEP_SCHEDULER_BACKEND: { paths: [['scheduler', 'backend']], schema: scheduler.entries.backend, read: asIs },
};

/**
 * What the environment sets; a variable that is set to blanks is not set.
 * @returns Failure `usage` that names the variable
 */
export function environmentSettings(env: Environment): Result<EnvironmentSetting[]> {
  const settings: EnvironmentSetting[] = [];
  for (const variable of SETTING_VARIABLES) {
    const { paths, schema, read } = VARIABLES[variable];
    const text = env[variable]?.trim();
    if (!text) continue;
    const checked = v.safeParse(schema, read(text));
    if (!checked.success) return fail({ reason: 'usage', detail: `${variable} ${checked.issues[0].message}` });
    settings.push(...paths.map((path) => ({ path, value: checked.output, variable })));
  }
  return succeed(settings);
}

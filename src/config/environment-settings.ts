import * as v from 'valibot';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Environment } from '../kernel/home.ts';
import { SettingsSchema } from './settings-schema.ts';

/** A setting that a variable of the environment sets. */
export interface EnvironmentSetting {
  path: readonly string[];
  value: unknown;
  variable: string;
}

interface Variable {
  path: readonly string[];
  schema: v.GenericSchema;
  read: (text: string) => unknown;
}

const asIs = (text: string): string => text;
const { compile, scheduler } = SettingsSchema.entries;

/** Variables that stand for one setting each. Those of the reviewer change the profile that is asked (reviewer/reviewer-settings.ts). */
export const SETTING_VARIABLES: Readonly<Record<string, Variable>> = {
  CODEX_SELF_EVOLUTION_COMPILE_BACKEND: {
    path: ['compile', 'backend'],
    schema: compile.entries.backend,
    read: asIs,
  },
  CODEX_SELF_EVOLUTION_OPENCODE_COMMAND: {
    path: ['compile', 'opencode', 'command'],
    schema: compile.entries.opencode.entries.command,
    read: (text) => text.split(/\s+/),
  },
  CODEX_SELF_EVOLUTION_OPENCODE_MODEL: {
    path: ['compile', 'opencode', 'model'],
    schema: compile.entries.opencode.entries.model,
    read: asIs,
  },
  CODEX_SELF_EVOLUTION_OPENCODE_AGENT: {
    path: ['compile', 'opencode', 'agent'],
    schema: compile.entries.opencode.entries.agent,
    read: asIs,
  },
  CSEP_SCHEDULER_INTERVAL: {
    path: ['scheduler', 'intervalSeconds'],
    schema: scheduler.entries.intervalSeconds,
    read: Number,
  },
  CSEP_SCHEDULER_BACKEND: { path: ['scheduler', 'backend'], schema: scheduler.entries.backend, read: asIs },
};

/**
 * What the environment sets; a variable that is set to blanks is not set.
 * @returns Failure `usage` that names the variable
 */
export function environmentSettings(env: Environment): Result<EnvironmentSetting[]> {
  const settings: EnvironmentSetting[] = [];
  for (const [variable, { path, schema, read }] of Object.entries(SETTING_VARIABLES)) {
    const text = env[variable]?.trim();
    if (!text) continue;
    const checked = v.safeParse(schema, read(text));
    if (!checked.success) return fail({ reason: 'usage', detail: `${variable} ${checked.issues[0].message}` });
    settings.push({ path, value: checked.output, variable });
  }
  return succeed(settings);
}

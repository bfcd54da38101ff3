import { HEALTH_STEP_NAMES } from './step-names.ts';
import type { HealthStep, StepHealth } from '../contracts/health.ts';
import { isRecord } from '../contracts/json.ts';
import { attempt } from '../kernel/disk-failure.ts';
import { readText } from '../kernel/files.ts';
import { homeLayout } from '../kernel/home.ts';

/** What health.json says, step by step; steps that never failed are not in it. */
export type Health = Partial<Record<HealthStep, StepHealth>>;

const LARGEST = 64 * 1024;

/**
 * Reads health.json by hand: every session's start does it. What is damaged, of a newer version or
 * cannot be read counts as no trouble known; the next failure writes it anew.
 */
export function readHealth(home: string): Health {
  const text = attempt(() => readText(homeLayout(home).health, LARGEST));
  return text.ok && text.value !== undefined ? parseHealth(text.value) : {};
}

function parseHealth(text: string): Health {
  try {
    const value: unknown = JSON.parse(text);
    if (!isRecord(value) || value['schema_version'] !== 1 || !isRecord(value['steps'])) return {};
    const { steps } = value;
    const known = HEALTH_STEP_NAMES.flatMap((step) => {
      const health = stepOf(steps[step]);
      return health ? [[step, health] as const] : [];
    });
    return Object.fromEntries(known);
  } catch {
    return {};
  }
}

function stepOf(value: unknown): StepHealth | undefined {
  if (!isRecord(value) || typeof value['failures'] !== 'number') return undefined;
  return {
    failures: value['failures'],
    since: textOrNull(value['since']),
    last_failure: textOrNull(value['last_failure']),
    message: textOrNull(value['message']),
    last_success: textOrNull(value['last_success']),
    until: textOrNull(value['until']),
  };
}

const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);

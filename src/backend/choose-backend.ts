import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Backend } from './backend.ts';

const script = async (): Promise<Backend> => (await import('./script.ts')).scriptBackend;

/** Loaded when they are needed: an idle scan needs none. */
const backends: Record<string, () => Promise<Backend>> = { script };

/** What does the work when another backend fails. */
export const fallbackBackend = script;

/** How to get the backend of that name; a name that nobody knows is wrong usage. */
export function chooseBackend(name: string): Result<() => Promise<Backend>> {
  const load = Object.hasOwn(backends, name) ? backends[name] : undefined;
  if (load) return succeed(load);
  return fail({ reason: 'usage', detail: `There is no backend "${name}"; known: ${Object.keys(backends).join(', ')}` });
}

import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { Backend } from './backend.ts';
import { scriptBackend } from './script.ts';

const backends: Record<string, Backend> = { script: scriptBackend };

/** What does the work when another backend fails. */
export const fallbackBackend: Backend = scriptBackend;

/** The backend of that name (`script`). */
export function chooseBackend(name: string): Result<Backend> {
  const backend = Object.hasOwn(backends, name) ? backends[name] : undefined;
  if (backend) return succeed(backend);
  return fail({ reason: 'usage', detail: `There is no backend "${name}"; known: ${Object.keys(backends).join(', ')}` });
}

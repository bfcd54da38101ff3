import { chooseBackend, fallbackBackend } from '../backend/choose-backend.ts';
import type { CompileOptions } from '../compile/compile.ts';
import { retentionOf } from '../compile/plan-retention.ts';
import type { Report } from '../contracts/event.ts';
import type { Result } from '../contracts/failure.ts';
import { succeed } from '../contracts/failure.ts';
import type { Settings } from '../contracts/settings.ts';
import type { World } from '../kernel/world.ts';

/** What flags say about a compile; undefined: as the settings say. */
export interface CompileChoice {
  backend: string;
  batchSize?: number | undefined;
  fallback?: boolean | undefined;
}

/**
 * Options of a compile from flags and settings. The backend is known to exist at once, and loaded only when
 * the options are asked for: a scan finds nothing to do nearly always.
 */
export function compileOptionsOf(
  world: World,
  settings: Settings,
  choice: CompileChoice,
  { report, end }: { report: Report; end?: AbortSignal | undefined },
): Result<() => Promise<CompileOptions>> {
  const backend = chooseBackend(choice.backend, { world, settings: async () => settings });
  if (!backend.ok) return backend;
  const { compile } = settings;
  return succeed(async () => ({
    backend: await backend.value(),
    fallback: (choice.fallback ?? compile.fallback) ? await fallbackBackend() : null,
    batchSize: choice.batchSize ?? compile.batchSize,
    mode: compile.mode,
    retention: retentionOf(settings),
    report,
    end,
  }));
}

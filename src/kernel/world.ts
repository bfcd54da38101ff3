import path from 'node:path';
import type { Clock } from './clock.ts';
import { systemClock } from './clock.ts';
import type { Diagnostics } from './diagnostics.ts';
import { fileDiagnostics } from './diagnostics.ts';
import type { Environment } from './home.ts';
import { homeFolder, homeLayout, withoutTilde } from './home.ts';

/** Everything that a flow would otherwise reach for: read once at the edge, handed on from there. */
export interface World {
  /** Our home folder, absolute. */
  home: string;
  env: Environment;
  clock: Clock;
  diagnostics: Diagnostics;
}

/** The real world. `home` (a flag, so a relative path starts where the user stands) beats the environment. */
export function systemWorld(env: Environment, home?: string): World {
  const folder = home ? path.resolve(withoutTilde(home, env)) : homeFolder(env);
  return { home: folder, env, clock: systemClock, diagnostics: fileDiagnostics(homeLayout(folder).log, systemClock) };
}

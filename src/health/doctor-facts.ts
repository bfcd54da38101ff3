import type { Settings } from '../contracts/settings.ts';
import type { Status } from '../contracts/status.ts';
import type { CodexHooks } from '../install/trust-status.ts';
import type { DiskPlace, OpenPath } from '../kernel/disk-place.ts';
import type { Health } from '../trouble/read-health.ts';

/** What the checks judge; gathered once, so that each check is a function of it. */
export interface DoctorFacts {
  now: Date;
  platform: string;
  nodeVersion: string;
  status: Status;
  hooks: CodexHooks;
  settings: Settings;
  /** Why config.toml cannot be used; null when it can. */
  configProblem: string | null;
  configWarnings: string[];
  /** The user's own environment has the flag that silences our hooks. */
  nestedFlag: boolean;
  /** Who reviews sessions, and why that cannot work. */
  reviewer: { name: string; problem: string | null };
  /** Null: not asked. */
  online: { reached: boolean; says: string } | null;
  /** What `install` noted; null without an installation. */
  installed: { at: string; node: string | null; nodeExists: boolean } | null;
  /** The plugin's folder is as it was when it was trusted; null when that is not known. */
  pluginUnchanged: boolean | null;
  /** What of the Python plugin is installed, in a sentence; null when nothing is. */
  pythonPlugin: string | null;
  health: Health;
  open: OpenPath[];
  disk: DiskPlace | null;
  /** Other hosts that have left leases or locks in this home. */
  otherHosts: string[];
  trail: Trail;
  /** Since when the oldest turn or envelope waits; null when none does, or nobody can tell. */
  waitingSince: string | null;
}

/** What capture and review have left lately. */
export interface Trail {
  /** When any hook of ours last wrote a line; null when the log has none. */
  lastHook: string | null;
  /** Sessions whose review was recorded within 13 days. */
  reviewed: number;
  /** Envelopes that were written or moved within 13 days. */
  envelopes: number;
}

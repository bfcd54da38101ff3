/**
 * What the page is told: plain values, every text already redacted, shortened and free of characters that
 * nobody sees. The page's own script (`page/`) reads exactly this, so the file holds types and nothing else.
 */

export type Language = 'en' | 'zh';

export interface ReportModel {
  schema_version: 1;
  /** Version of the program. */
  program: string;
  generated_at: string;
  home: string;
  /** Null: the reader's browser decides. */
  language: Language | null;
  /** Id of the bucket that the page opens at; null: all of them. */
  opens_at: string | null;
  /** Those that were used last come first. */
  buckets: BucketReport[];
  archived: string[];
  left_out: { name: string; reason: string }[];
  cost: CostReport;
  /** Steps of the loop that have failed again and again, in the whole home. */
  health: HealthRow[];
}

export interface HealthRow {
  step: 'review' | 'compile' | 'scan' | 'publish' | 'config' | 'budget';
  /** In a row. */
  failures: number;
  since: string;
  last: string;
  message: string;
}

/** Calls and tokens of the reviewers that cost something, in one day (UTC), all buckets together. */
export interface DayCost {
  day: string;
  calls: number;
  tokens: number;
}

export interface CostReport {
  today: DayCost;
  limits: { calls: number; tokens: number };
  /** Oldest first; today is the last one. */
  days: DayCost[];
}

export interface BucketReport {
  id: string;
  /** Last part of the root: what people call the repository. */
  name: string;
  root: string | null;
  stations: Stations;
  memory: MemoryRow[];
  skills: SkillRow[];
  recall: RecallRow[];
  generations: GenerationRow[];
  use: UseDay[];
  trouble: TroubleRow[];
  /** Discards of all receipts, newest first, with the words of the suggestion where its envelope is still there. */
  discards: DiscardRow[];
  /** How many there are in all, where a list above was cut. */
  totals: { recall: number; generations: number; discards: number };
  /** Newest of all times that the bucket tells; empty: nothing ever happened. */
  last_activity: string;
}

/** Counts at the stations of the loop, as the folders have them. */
export interface Stations {
  /** Sessions that were reviewed or are about to be. */
  sessions: number;
  queued: number;
  oldest_queued: string | null;
  /** Reviews that failed and will be tried again. */
  retrying: number;
  pending: number;
  processing: number;
  oldest_pending: string | null;
  done: number;
  failed: number;
  discarded: number;
  /** Number of the current generation. */
  generation: number | null;
  promoted_at: string | null;
  user_notes: number;
  global_notes: number;
  skills: number;
  retired_skills: number;
  recall: number;
  /** Sessions that have been given notes or records. */
  sessions_given: number;
  set_aside: number;
  /** Planned suggestions that wait for a person's yes or no (compile.mode = review). */
  awaiting_yes: number;
}

export interface Origin {
  thread: string;
  at: string;
  provider: string;
  basis: string;
}

export interface MemoryRow {
  scope: 'user' | 'global';
  summary: string;
  content: string;
  confidence: number;
  sources: string[];
  origins: Origin[];
}

export interface SkillRow {
  id: string;
  title: string;
  description: string;
  content: string;
  status: 'active' | 'retired';
  /** False: somebody else's, never changed by us. */
  ours: boolean;
  updated_at: string;
}

export interface RecallRow {
  id: string;
  summary: string;
  content: string;
  at: string;
  thread: string;
  sources: string[];
  /** How often it was given to a session, as far as the usage log reaches. */
  used: number;
}

export interface ChangeRow {
  kind: 'user' | 'global' | 'recall' | 'skill';
  change: 'added' | 'changed' | 'removed';
  name: string;
  text: string;
  /** Text that it had before; empty for what was added. */
  before: string;
  thread: string;
}

export interface GenerationRow {
  number: number;
  at: string;
  cause: 'compile' | 'rollback' | 'forget' | 'migrate';
  restored: number | null;
  backend: string;
  fallback: string | null;
  /** Why the first backend gave no answer. */
  fallback_reason: string;
  sessions: string[];
  outcomes: Record<string, number>;
  hand_edits: string[];
  notes: number;
  recall: number;
  skills: number;
  tokens: number;
  /** False: retention has removed the content, the receipt is left. */
  kept: boolean;
  /** Null: not worked out (content gone, or too long ago). */
  changes: ChangeRow[] | null;
  /** Changes that are not in the list. */
  more_changes: number;
}

export interface UseDay {
  day: string;
  /** Sessions that were last given something on that day. */
  sessions: number;
  /** Records given, by prompts and by asking. */
  records: number;
  /** Questions without an answer. */
  in_vain: number;
}

export interface DiscardRow {
  at: string;
  generation: number;
  family: string;
  reason: string;
  detail: string;
  summary: string;
  thread: string;
}

/** Something that a person may have to look at. */
export interface TroubleRow {
  kind: 'review-retrying' | 'answer-unusable' | 'envelope-failed' | 'set-aside' | 'unreadable';
  at: string;
  what: string;
  detail: string;
  /** Attempts so far; 0 where nothing is tried again. */
  attempts: number;
}

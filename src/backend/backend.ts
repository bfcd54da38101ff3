import type { Envelope } from '../contracts/envelope.ts';
import type { Result } from '../contracts/failure.ts';
import type { Tombstone } from '../contracts/generation.ts';
import type { Memory } from '../contracts/memory.ts';
import type { DiscardReason, Outcome } from '../contracts/receipt.ts';
import type { RecallRecord } from '../contracts/recall.ts';
import type { Skill } from '../contracts/skills.ts';
import type { Scope } from '../contracts/suggestion.ts';
import type { BucketLayout } from '../kernel/home.ts';

/** Questions about recall records that need no look at the whole store. */
export interface RecallLookup {
  /** Number of records. */
  readonly count: number;
  has(id: string): boolean;
  get(id: string): RecallRecord | undefined;
  /** The records that look most like the text, best first. */
  similar(text: string, count: number): RecallRecord[];
}

/** Where the knowledge lies, for backends that have to say so. */
export interface Place {
  /** Canonical root of the repository. */
  root: string;
  layout: Pick<
    BucketLayout,
    | 'skillsFolder'
    | 'memoryFolder'
    | 'recallFolder'
    | 'userMd'
    | 'memoryMd'
    | 'memoryJson'
    | 'recallIndex'
    | 'recallMd'
    | 'manifest'
  >;
}

/** What a backend works on: a batch of envelopes and the knowledge that they are to change. */
export interface CompileTask {
  place: Place;
  memory: Memory;
  skills: readonly Skill[];
  recall: RecallLookup;
  batch: readonly Envelope[];
  /** `<scope>:<summary>` of entries that a person has just edited; no suggestion may overrule them. */
  handTouched: ReadonlySet<string>;
  tombstones: readonly Tombstone[];
  /** Time of the compile, for records that carry one. */
  at: string;
}

/** What became of one suggestion. */
export interface Verdict {
  outcome: Outcome;
  reason?: DiscardReason;
  /** At most 400 characters, redacted. */
  detail?: string;
  /** The mirror that shows it. */
  path?: string;
}

export interface ItemVerdict extends Verdict {
  suggestion_id: string;
  index: number;
  family: string;
}

/** New and changed recall records; all others stay as they are, unread. */
export interface RecallChanges {
  added: RecallRecord[];
  /** Same id as an existing record. */
  replaced: RecallRecord[];
}

/** An entry that went because another one says the same; no suggestion had to name it. */
export interface Absorbed {
  scope: Scope;
  summary: string;
  /** Summary of the entry that says it now. */
  into: string;
}

/** Proposed knowledge: memory and skills whole, recall as changes, and a verdict for every suggestion. */
export interface CompileAnswer {
  memory: Memory;
  skills: Skill[];
  recall: RecallChanges;
  verdicts: ItemVerdict[];
  absorbed?: Absorbed[];
  tokens?: { input: number; output: number };
}

/**
 * Turns pending suggestions into proposed knowledge.
 *
 * Contract: writes nothing outside a scratch folder of its own; a model's failure, a deadline, a
 * refusal or an aborted signal is a Failure, never a throw; every suggestion of the batch gets a
 * verdict. A throw is a bug in the backend.
 */
export interface Backend {
  readonly name: string;
  compile(task: CompileTask, signal: AbortSignal): Promise<Result<CompileAnswer>>;
}

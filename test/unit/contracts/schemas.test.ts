import { toJsonSchema } from '@valibot/to-json-schema';
import type * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { BucketFacts } from '../../../src/contracts/bucket-facts.ts';
import { Envelope } from '../../../src/contracts/envelope.ts';
import { Generation, MirrorState } from '../../../src/contracts/generation.ts';
import { HealthRecord } from '../../../src/contracts/health.ts';
import {
  HookOutput,
  SessionStartInput,
  StopInput,
  StopPayload,
  UserPromptSubmitInput,
} from '../../../src/contracts/hook.ts';
import { LockOwner, LockStatus, Preflight } from '../../../src/contracts/lock.ts';
import { Memory } from '../../../src/contracts/memory.ts';
import { RecallIndex } from '../../../src/contracts/recall.ts';
import { Proposal, ReviewDecision } from '../../../src/contracts/proposal.ts';
import { Receipt } from '../../../src/contracts/receipt.ts';
import { QueueEntry, SessionReview } from '../../../src/contracts/review.ts';
import { Manifest, SkillSet } from '../../../src/contracts/skills.ts';
import { Snapshot } from '../../../src/contracts/snapshot.ts';
import { Status } from '../../../src/contracts/status.ts';
import { ReviewerAnswer, Suggestion } from '../../../src/contracts/suggestion.ts';

const schemas: Record<string, v.GenericSchema> = {
  'bucket-facts': BucketFacts,
  envelope: Envelope,
  generation: Generation,
  health: HealthRecord,
  'hook-output': HookOutput,
  'lock-owner': LockOwner,
  'lock-status': LockStatus,
  manifest: Manifest,
  memory: Memory,
  'mirror-state': MirrorState,
  preflight: Preflight,
  proposal: Proposal,
  'queue-entry': QueueEntry,
  'recall-index': RecallIndex,
  receipt: Receipt,
  'review-decision': ReviewDecision,
  'reviewer-answer': ReviewerAnswer,
  'session-review': SessionReview,
  'session-start-input': SessionStartInput,
  'skill-set': SkillSet,
  snapshot: Snapshot,
  status: Status,
  'stop-input': StopInput,
  'stop-payload': StopPayload,
  suggestion: Suggestion,
  'user-prompt-submit-input': UserPromptSubmitInput,
};

/** `npm run schemas` writes them anew; a difference that nobody asked for fails here. */
describe('the committed JSON schemas are what the contracts say', () => {
  test.each(Object.entries(schemas))('%s', async (name, schema) => {
    const json = toJsonSchema(schema, { errorMode: 'ignore', typeMode: 'input' });
    await expect(`${JSON.stringify(json, null, 2)}\n`).toMatchFileSnapshot(`../../../schemas/${name}.json`);
  });
});

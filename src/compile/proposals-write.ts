import type { Envelope } from '../contracts/envelope.ts';
import type { PlannedAnswer } from '../contracts/proposal.ts';
import type { CompileTask } from '../backend/backend.ts';
import type { BackendRun } from '../backend/run-backend.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { writeProposal } from './proposals.ts';
import { changesOf } from './proposals-plan.ts';

/** A compile's plan that is not promoted. */
export interface PlannedBatch {
  bucket: BucketHandle;
  /** Id of the run, and of the proposal. */
  id: string;
  at: string;
  /** Name of the backend that was asked first. */
  backend: string;
  knowledge: OpenKnowledge;
  batch: readonly Envelope[];
  answered: BackendRun;
  recall: CompileTask['recall'];
}

/** The merge of this backend is repeated when it is accepted; what an agent said is kept. */
const FREE_BACKEND = 'script';

/** Puts the plan into proposals/ instead of the generations; from then on its envelopes are held. */
export function proposeBatch({ bucket, id, at, backend, knowledge, batch, answered, recall }: PlannedBatch): void {
  const { answer, fallback } = answered;
  writeProposal(bucket.layout, {
    schema_version: 1,
    id,
    created_at: at,
    from: knowledge.highest,
    backend,
    fallback_backend: fallback?.backend ?? null,
    envelopes: batch.map((envelope) => envelope.suggestion_id),
    verdicts: answer.verdicts,
    changes: changesOf(knowledge, answer, recall),
    answer: (fallback?.backend ?? backend) === FREE_BACKEND ? null : plannedAnswer(answer),
  });
}

const plannedAnswer = ({ memory, skills, recall, absorbed, tokens }: BackendRun['answer']): PlannedAnswer => ({
  memory,
  skills,
  recall,
  ...(absorbed ? { absorbed } : {}),
  ...(tokens ? { tokens } : {}),
});

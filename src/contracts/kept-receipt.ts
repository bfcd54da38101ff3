import * as v from 'valibot';
import { Generation } from './generation.ts';

const { generation, from, cause, created_at, restored, mirrors, adopted, receipt } = Generation.entries;

/** receipts/<n>.json: what stays of a generation for a year after retention has removed its content. */
export const KeptReceipt = v.strictObject({
  schema_version: v.literal(1),
  generation,
  from,
  cause,
  created_at,
  restored,
  mirrors,
  adopted,
  /** Threads whose suggestions it promoted; their envelopes do not stay that long. */
  sessions: v.array(v.string()),
  receipt,
});
export type KeptReceipt = v.InferOutput<typeof KeptReceipt>;

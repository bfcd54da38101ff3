import * as v from 'valibot';

/** What can keep failing without anybody seeing it. `config` and `budget` are told from the first time on. */
export type HealthStep = 'review' | 'compile' | 'scan' | 'publish' | 'config' | 'budget';

/** How one step has fared lately. */
export const StepHealth = v.strictObject({
  /** In a row; 0 after a success. */
  failures: v.number(),
  /** When the first of those failed. */
  since: v.nullable(v.string()),
  last_failure: v.nullable(v.string()),
  /** What the last one said, redacted, at most 300 characters. */
  message: v.nullable(v.string()),
  /** When a success last ended a row of failures; successes in a row are not written. */
  last_success: v.nullable(v.string()),
  /** The trouble ends by itself at that time (a daily budget). */
  until: v.nullable(v.string()),
});
export type StepHealth = v.InferOutput<typeof StepHealth>;

/** health.json: absent as long as nothing has ever failed. Hooks read it by hand, without this schema. */
export const HealthRecord = v.strictObject({
  schema_version: v.literal(1),
  steps: v.partial(
    v.strictObject({
      review: StepHealth,
      compile: StepHealth,
      scan: StepHealth,
      publish: StepHealth,
      config: StepHealth,
      budget: StepHealth,
    }),
  ),
});
export type HealthRecord = v.InferOutput<typeof HealthRecord>;

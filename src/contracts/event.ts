/** What a flow tells while it works. People get a line, `--json` gets the result only. */
export type Event =
  | { type: 'bucket-started'; bucket: string }
  | { type: 'claimed'; envelopes: number }
  | { type: 'recovered'; givenBack: number; settled: number }
  | { type: 'set-aside'; path: string; reason: string }
  /** overBudget: nobody failed, the day's calls or tokens are used up. */
  | { type: 'fell-back'; from: string; to: string; reason: string; overBudget?: true }
  | { type: 'promoted'; generation: number; envelopes: number }
  | { type: 'proposed'; proposal: string; envelopes: number }
  | { type: 'published'; skill: string }
  | { type: 'skill-left-alone'; skill: string; reason: string; failed?: true }
  | { type: 'mirror-edit-kept'; path: string; kept: string }
  /** standIn: by the free reviewer, as there was too little for the one that costs. */
  | { type: 'reviewed'; session: string; suggestions: number; standIn?: boolean }
  | { type: 'review-deferred'; session: string; reason: string }
  | { type: 'review-failed'; session: string; reason: string }
  | { type: 'problem'; what: string };

export type Report = (event: Event) => void;

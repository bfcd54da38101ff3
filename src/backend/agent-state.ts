import type { AgentAnswer, Claim } from '../contracts/agent-answer.ts';
import type { Failure } from '../contracts/failure.ts';
import { fail } from '../contracts/failure.ts';
import { lintSuggestion } from '../safety/lint.ts';
import type { Sent } from './agent-payload.ts';
import { showable } from './agent-payload.ts';
import type { CompileTask, Verdict } from './backend.ts';
import { discarded } from './merge-state.ts';
import type { MergeState } from './merge-state.ts';
import type { OpenPart } from './sort-out.ts';
import { mayRestOn, says } from './text-overlap.ts';
import type { Reading } from './text-overlap.ts';

/** An agent's answer while it is turned into proposed knowledge. */
export interface AgentState {
  task: CompileTask;
  sent: Sent;
  open: readonly OpenPart[];
  answer: AgentAnswer;
  /** Skills and recall are merged into this one. */
  merge: MergeState;
  verdicts: Map<OpenPart, Verdict>;
}

export type Outcome = { ok: true } | { ok: false; failure: Failure };

export const fine: Outcome = { ok: true };

/** The whole answer is not believed. */
export const refuse = (rule: string, detail: string): { ok: false; failure: Failure } =>
  fail({ reason: 'answer-rejected', rule, detail });

/** A text of an answer as it may be stored. */
export const cleanText = (text: string): string => showable(text).trim();
export const cleanLine = (text: string): string => showable(text).replaceAll(/\s+/g, ' ').trim();

/** The suggestions that an entry says it rests on, as far as the words allow it. */
export const claimed = (parts: readonly OpenPart[], claims: readonly Claim[], entry: Reading): OpenPart[] =>
  parts.filter(
    (part) =>
      claims.some(
        (claim) =>
          claim.suggestion_id === part.envelope.suggestion_id &&
          (claim.index === undefined || claim.index === null || claim.index === part.index),
      ) && mayRestOn(entry, part.reading),
  );

/** The suggestions that an entry rests on: those that it claims, and those that it says. */
export function sourcesOf(parts: readonly OpenPart[], claims: readonly Claim[], entry: Reading): OpenPart[] {
  const named = claimed(parts, claims, entry);
  return parts.filter((part) => named.includes(part) || says(entry, part.reading));
}

/** Why a text of an answer may not be stored; the others of the answer may. */
export function suspicion(texts: readonly string[]): Verdict | undefined {
  const finding = lintSuggestion(texts);
  return finding.ok ? undefined : discarded('injection_suspected', `${finding.rule}: ${finding.detail}`);
}

/** The first suggestion gets the verdict, those that came together with it are merged into it. */
export function judgeAll(state: AgentState, parts: readonly OpenPart[], verdict: Verdict): void {
  for (const part of parts) {
    const known = state.verdicts.get(part);
    if (known && known.outcome !== 'discarded') continue;
    const follows = verdict.outcome === 'added' && part !== parts[0];
    state.verdicts.set(part, follows ? { ...verdict, outcome: 'merged' } : verdict);
  }
}

import { promptRecall } from '../recall/prompt-recall.ts';
import { readPromptInput } from './hook-input.ts';
import type { HookAnswer, HookRun } from './hook-types.ts';

/** UserPromptSubmit: puts matching records beside the prompt. A subagent's prompt is our user's model speaking, and gets nothing. */
export async function promptRecallHook(run: HookRun): Promise<HookAnswer> {
  const { world, call } = run;
  const input = readPromptInput(run.input, {
    cwd: () => run.flag('cwd') || call.env['CODEX_CWD'] || call.workingFolder(),
  });
  if (!input.ok) return { facts: { problem: input.problem } };
  const payload = input.value;
  if (payload.agent_id !== undefined) return { facts: { session: payload.session_id, skipped: 'subagent' } };
  const answer = await promptRecall(world, {
    prompt: payload.prompt,
    cwd: payload.cwd,
    stateDir: run.flag('state-dir') ?? call.env['CODEX_STATE_DIR'],
    sessionId: payload.session_id,
    transcriptPath: payload.transcript_path ?? null,
  });
  const facts = { session: payload.session_id, ...answer.facts };
  if (answer.context === undefined) return { facts };
  return { context: { event: 'UserPromptSubmit', text: answer.context }, facts };
}

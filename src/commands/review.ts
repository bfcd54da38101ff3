import { defineCommand } from 'citty';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import { decideWaiting, editWaiting } from '../compile/proposals-decide.ts';
import type { DecideRequest, ReviewWork, Target } from '../compile/proposals-decide.ts';
import { findTargets, listReview, targetOf } from '../compile/proposals-list.ts';
import type { ReviewList, WaitingSuggestion } from '../compile/proposals-list.ts';
import { undoLast } from '../compile/proposals-undo.ts';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import { editText } from '../kernel/edit-text.ts';
import type { World } from '../kernel/world.ts';
import { bucketFlags } from './arguments.ts';
import { bucketOfFlags, commandWorld, noBucketYet, runCommand } from './edge.ts';
import { nearName } from '../kernel/near-name.ts';
import { printResult, wantsJson } from './output.ts';
import { stderrReport } from './report-events.ts';
import { asEditable, decidedText, fromEditable, listText, suggestionText, undoneText } from './review-text.ts';
import { shortIds } from './short-ids.ts';

export const reviewCommand = defineCommand({
  meta: {
    name: 'review',
    description:
      'Decide on what waits, and look at what the last promotion changed; asks on a terminal (examples: review list; review accept 3f2a; review edit 3f2a#0 --content "Use pnpm 10"; review reject --all; review undo)',
  },
  args: {
    action: { type: 'positional', required: false, description: 'list, show, accept, reject, edit or undo' },
    id: { type: 'positional', required: false, description: 'Suggestion, envelope or plan, or how its name begins' },
    all: { type: 'boolean', description: 'With accept and reject: everything that waits', default: false },
    content: { type: 'string', description: 'With edit: the text (without it your $EDITOR opens)' },
    summary: { type: 'string', description: 'With edit: the summary' },
    once: { type: 'boolean', description: 'With reject: the text may be suggested again', default: false },
    anyway: { type: 'boolean', description: 'With accept: also when it now does something else', default: false },
    ...bucketFlags,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async () => {
        // Also where nothing is kept yet: there a slip of the finger must not read as "nothing waits".
        if (args.action && !ACTIONS.includes(args.action)) return unknownAction(args.action);
        const bucket = bucketOfFlags(world, args);
        if (!bucket) return withoutBucket(args.action);
        const call: ReviewCall = { world, bucket, report: stderrReport(world, false), ...args };
        if (!args.action && !wantsJson(args) && process.stdin.isTTY) return await askAbout(call);
        return await act(call);
      },
      ({ result, text, code }) => {
        if (result !== undefined) printResult(result, text, args);
        if (code !== undefined) process.exitCode = code;
      },
    );
  },
});

const ACTIONS = ['list', 'show', 'accept', 'reject', 'edit', 'undo'];

function unknownAction(action: string): Result<never> {
  const meant = nearName(action, ACTIONS);
  const guess = meant === undefined ? '' : `; did you mean ${meant}?`;
  return fail({ reason: 'usage', detail: `review knows ${ACTIONS.join(', ')}, not "${action}"${guess}` });
}

const NOTHING: ReviewList = { suggestions: [], proposals: [], last: null };

const withoutBucket = (action = 'list'): Result<Answer> =>
  action === 'list'
    ? succeed(answer(NOTHING, () => 'Nothing waits; nothing is kept for this folder yet.'))
    : noBucketYet();

/** What a call prints, and how it exits when that is not 0. */
interface Answer {
  result: unknown;
  text: () => string;
  code?: number;
}

const answer = (result: unknown, text: () => string): Answer => ({ result, text });

interface ReviewCall extends ReviewWork {
  action?: string | undefined;
  id?: string | undefined;
  all: boolean;
  content?: string | undefined;
  summary?: string | undefined;
  once: boolean;
  anyway: boolean;
}

async function act(call: ReviewCall): Promise<Result<Answer>> {
  const listed = listReview(call.world, call.bucket);
  if (!listed.ok) return listed;
  const list = listed.value;
  switch (call.action ?? 'list') {
    case 'list':
      return succeed(answer(list, () => listText(list)));
    case 'show':
      return show(call, list);
    case 'accept':
      return await decide(call, list, { decision: 'accepted', anyway: call.anyway });
    case 'reject':
      return await decide(call, list, { decision: 'rejected', once: call.once });
    case 'edit':
      return edit(call, list);
    case 'undo':
      return await undo(call);
    default:
      return unknownAction(call.action ?? '');
  }
}

/** The suggestions that the call names. */
function namedTargets({ action, id, all }: ReviewCall, list: ReviewList): Result<Target[]> {
  if (all) return succeed(list.suggestions.map((suggestion) => targetOf(suggestion.id)));
  if (id === undefined)
    return fail({ reason: 'usage', detail: `review ${action} takes an id, as \`csep review list\` shows them` });
  return findTargets(list, id);
}

function show(call: ReviewCall, list: ReviewList): Result<Answer> {
  const targets = namedTargets({ ...call, all: false }, list);
  if (!targets.ok) return targets;
  const suggestions = suggestionsAt(list, targets.value);
  const plans = list.proposals.filter(({ id }) => suggestions.some(({ proposal }) => proposal === id));
  const text = (): string => suggestions.map((suggestion) => suggestionText(suggestion, shortIds(list))).join('\n\n');
  return succeed(answer({ suggestions, proposals: plans }, text));
}

const suggestionsAt = (list: ReviewList, targets: readonly Target[]): WaitingSuggestion[] =>
  list.suggestions.filter(({ id }) =>
    targets.some((target) => target.id === targetOf(id).id && target.index === targetOf(id).index),
  );

async function decide(
  call: ReviewCall,
  list: ReviewList,
  request: Omit<DecideRequest, 'targets'>,
): Promise<Result<Answer>> {
  const targets = namedTargets(call, list);
  if (!targets.ok) return targets;
  const decided = await decideWaiting(call, { targets: targets.value, ...request });
  if (!decided.ok) return decided;
  const told = answer(decided.value, () => decidedText(decided.value, shortIds(list)));
  return succeed(decided.value.status === 'differs' ? { ...told, code: 1 } : told);
}

function edit(call: ReviewCall, list: ReviewList): Result<Answer> {
  const targets = namedTargets({ ...call, all: false }, list);
  if (!targets.ok) return targets;
  const [target, second] = targets.value;
  const [suggestion] = suggestionsAt(list, targets.value);
  if (!target || !suggestion || second)
    return fail({
      reason: 'usage',
      detail: `"${call.id}" has several suggestions; name one of them, like ${call.id}#0`,
    });
  const words = wordsOf(call, suggestion);
  if (!words.ok) return words;
  editWaiting(call, target, words.value);
  const after = listReview(call.world, call.bucket);
  const [edited] = after.ok ? suggestionsAt(after.value, [target]) : [];
  const text = (): string =>
    `Changed; it is promoted when you accept it: csep review accept ${shortIds(list)(suggestion.id)}`;
  return succeed(answer({ status: 'edited', suggestion: edited ?? null }, text));
}

interface Words {
  summary?: string;
  content?: string;
}

function wordsOf(call: ReviewCall, suggestion: WaitingSuggestion): Result<Words> {
  const { content, summary } = call;
  if (content !== undefined || summary !== undefined)
    return succeed({ ...(summary === undefined ? {} : { summary }), ...(content === undefined ? {} : { content }) });
  if (!process.stdin.isTTY)
    return fail({ reason: 'usage', detail: 'review edit takes --content or --summary where there is no terminal' });
  return editedByHand(call.world, call.bucket, suggestion);
}

/** In the editor of the person's choice. */
function editedByHand(world: World, bucket: BucketHandle, suggestion: WaitingSuggestion): Result<Words> {
  const text = editText(asEditable(suggestion), { folder: bucket.layout.proposals, env: world.env });
  const words = text === undefined ? undefined : fromEditable(text);
  return words ? succeed(words) : fail({ reason: 'aborted', what: 'The edit' });
}

async function undo(call: ReviewWork): Promise<Result<Answer>> {
  const undone = await undoLast(call);
  return undone.ok ? succeed(answer(undone.value, () => undoneText(undone.value))) : undone;
}

async function askAbout(call: ReviewCall): Promise<Result<Answer>> {
  const { askAboutReview } = await import('./review-interactive.ts');
  const asked = await askAboutReview(call, {
    edit: (suggestion) => {
      const words = editedByHand(call.world, call.bucket, suggestion);
      return words.ok ? words.value : undefined;
    },
  });
  return asked.ok ? succeed({ result: undefined, text: () => '' }) : asked;
}

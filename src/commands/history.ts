import { defineCommand } from 'citty';
import type { Result } from '../contracts/failure.ts';
import { fail, succeed } from '../contracts/failure.ts';
import type { EntryChange, KnowledgeChanges } from '../compile/compare-knowledge.ts';
import { listHistory, showGenerationChanges } from '../compile/history.ts';
import type { GenerationReport, History, HistoryEntry } from '../compile/history.ts';
import { bucketFlags } from './arguments.ts';
import { bucketOfFlags, commandWorld, noBucketYet, runCommand } from './edge.ts';
import { printResult } from './output.ts';
import { wholeNumber } from './whole-number.ts';

const DEFAULT_LIMIT = 20;

export const historyCommand = defineCommand({
  meta: {
    name: 'history',
    description:
      'What was promoted, newest first; `history show <generation>` tells what it changed (example: history --limit 5)',
  },
  args: {
    show: { type: 'positional', required: false, description: '`show`, for one generation in full' },
    generation: { type: 'positional', required: false, description: 'With `show`: its number' },
    limit: { type: 'string', description: `Most entries (default ${DEFAULT_LIMIT})` },
    ...bucketFlags,
  },
  async run({ args }) {
    const world = commandWorld(args.home);
    await runCommand(
      world,
      async (): Promise<Result<History | GenerationReport>> => {
        const bucket = bucketOfFlags(world, args);
        if (args.show === undefined) {
          const limit = wholeNumber('--limit', args.limit ?? String(DEFAULT_LIMIT));
          if (!limit.ok) return limit;
          return succeed(bucket ? listHistory(bucket.layout, limit.value) : { entries: [], total: 0, problems: [] });
        }
        if (args.show !== 'show')
          return fail({ reason: 'usage', detail: `history knows \`show <generation>\`, not "${args.show}"` });
        const number = wholeNumber('history show', args.generation ?? '');
        if (!number.ok) return number;
        if (!bucket) return noBucketYet();
        return showGenerationChanges(bucket.layout, number.value);
      },
      (answer) => printResult(answer, () => ('entries' in answer ? historyText(answer) : showText(answer)), args),
    );
  },
});

function historyText(history: History): string {
  if (history.entries.length === 0) return ['Nothing was promoted yet.', ...history.problems].join('\n');
  const left = history.total - history.entries.length;
  return [
    ...history.entries.map(entryLine),
    ...(left > 0 ? [`(${left} older: --limit ${history.total})`] : []),
    ...history.problems,
  ].join('\n');
}

function entryLine(entry: HistoryEntry): string {
  const outcomes = Object.entries(entry.outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  const parts = [
    `${entry.generation}`.padStart(4),
    entry.at,
    causeText(entry),
    outcomes.length > 0 ? outcomes.join(', ') : undefined,
    entry.hand_edits.length > 0 ? `took over ${entry.hand_edits.join(', ')}` : undefined,
    entry.sessions.length > 0 ? `from ${entry.sessions.join(', ')}` : undefined,
    entry.kept ? undefined : '(receipt only)',
  ];
  return parts.filter((part) => part !== undefined).join('  ');
}

function causeText(entry: HistoryEntry): string {
  switch (entry.cause) {
    case 'compile':
      return entry.fallback_backend ? `${entry.backend}, then ${entry.fallback_backend}` : entry.backend;
    case 'rollback':
      return `rollback to ${entry.restored ?? '?'}`;
    case 'forget':
      return 'forget';
    case 'migrate':
      return 'migrate';
  }
}

function showText(report: GenerationReport): string {
  const against = report.compared_with === null ? 'everything is new' : `against generation ${report.compared_with}`;
  return [`Generation ${entryLine(report.entry).trim()}`, against, '', changesText(report.changes)].join('\n');
}

/** Changes as people read them: one line per entry, the text below it. */
export function changesText(changes: KnowledgeChanges): string {
  const sections = [
    ['Memory', changes.memory],
    ['Recall', changes.recall],
    ['Skills', changes.skills],
  ] as const;
  const lines = sections.flatMap(([title, list]) =>
    list.length > 0 ? [`${title}:`, ...list.flatMap(changeLines)] : [],
  );
  return lines.length > 0 ? lines.join('\n') : 'No difference (what was forgotten stays forgotten).';
}

const SIGNS = { added: '+', changed: '~', removed: '-' } as const;

function changeLines(change: EntryChange): string[] {
  const label = [change.kind === 'recall' || change.kind === 'skill' ? change.id : change.kind, change.name].join('  ');
  const text =
    change.diff ?? (change.after ?? change.before ?? '').split('\n').map((line) => `${SIGNS[change.change]} ${line}`);
  const origins = (change.provenance ?? []).flatMap(({ thread_id: thread, at, basis }) => {
    const parts = [basis === 'hand-edit' ? 'by hand' : thread, at].filter((part) => part !== '' && part !== undefined);
    return parts.length > 0 ? [`      from ${parts.join(', ')}`] : [];
  });
  return [`  ${SIGNS[change.change]} ${label}`, ...text.map((line) => `      ${line}`), ...origins];
}

import type { ChangeRow, GenerationRow, ReportModel } from '../model.ts';
import { barChart } from './chart.ts';
import { element, joined, said, unfolding } from './dom.ts';
import type { Child } from './dom.ts';
import type { Voice } from './format.ts';
import { figure, pagedList, prose, repositoryMark, section, sessionMark, tag } from './parts.ts';
import type { InRepository, Scope } from './scope.ts';

type Row = InRepository<GenerationRow>;

const PAGE = 12;
/** Promotions whose changes are seen without asking, and how many of each; the newest are what people come for. */
const SEEN_PROMOTIONS = 6;
const SEEN_CHANGES = 4;

export function timelineSection(model: ReportModel, scope: Scope, voice: Voice): HTMLElement {
  const { changes } = voice.words;
  const { generations, totals } = scope;
  if (generations.length === 0)
    return section('changes', changes.name, changes.about, element('p', { class: 'nothing' }, changes.empty));
  const days = generations.map(({ at, outcomes }) => ({ day: at.slice(0, 10), value: changedEntries(outcomes) }));
  return section(
    'changes',
    changes.name,
    changes.about,
    element(
      'p',
      { class: 'lead-figure' },
      figure('generations', totals.generations, voice),
      ` ${voice.words.lead.promotions(totals.generations)}`,
    ),
    barChart(days, model.generated_at, changes, voice),
    pagedList({
      items: generations.map((row, index) => ({ row, open: index < SEEN_PROMOTIONS })),
      row: ({ row, open }) => generationRow(row, open, voice),
      voice,
      page: PAGE,
      className: 'generations',
    }),
  );
}

const changedEntries = (outcomes: Record<string, number>): number =>
  ['added', 'merged', 'replaced', 'removed'].reduce((total, outcome) => total + (outcomes[outcome] ?? 0), 0);

function generationRow(row: Row, open: boolean, voice: Voice): HTMLElement {
  const { changes } = voice.words;
  const [first] = row.sessions;
  const more = row.sessions.length - 1;
  const head = joined([
    row.at === '' ? null : element('time', { datetime: row.at, title: voice.age(row.at) }, voice.moment(row.at)),
    repositoryMark(row.repository),
    how(row, voice),
    first === undefined ? null : sessionMark(first, voice),
    more > 0 ? changes.more(voice.number(more)) : null,
    row.tokens > 0 ? changes.tokens(voice.number(row.tokens)) : null,
    row.kept ? null : changes.receiptOnly,
  ]);
  return element(
    'li',
    { class: 'generation' },
    element('p', { class: 'number' }, voice.number(row.number)),
    element(
      'div',
      {},
      element('p', { class: 'meta' }, ...head),
      element('p', { class: 'outcomes' }, ...outcomeTags(row.outcomes, voice)),
      remarks(row, voice),
      changeList(row, open, voice),
    ),
  );
}

function how(row: Row, voice: Voice): string {
  const { changes } = voice.words;
  if (row.cause === 'rollback' && row.restored !== null)
    return `${changes.cause.rollback} ${changes.to(voice.number(row.restored))}`;
  return row.cause === 'compile' ? `${changes.by} ${row.fallback ?? row.backend}` : changes.cause[row.cause];
}

const SIGNS: Record<string, string> = {
  added: '+',
  merged: '∪',
  replaced: '~',
  removed: '−',
  duplicate: '=',
  discarded: '×',
};

function outcomeTags(outcomes: Record<string, number>, voice: Voice): Child[] {
  const known = Object.keys(SIGNS).filter((outcome) => (outcomes[outcome] ?? 0) > 0);
  return known.map((outcome) => {
    const count = voice.number(outcomes[outcome] ?? 0);
    return tag(`${SIGNS[outcome]}${count} ${voice.words.changes.outcomes[outcome] ?? outcome}`, outcome);
  });
}

/** What is out of the ordinary about a promotion. */
function remarks(row: Row, voice: Voice): Child {
  const { changes } = voice.words;
  const lines: Child[] = [];
  if (row.fallback !== null)
    lines.push(
      `${changes.fellBack(row.backend, row.fallback)}${row.fallback_reason ? `: ${row.fallback_reason}` : ''}`,
    );
  if (row.hand_edits.length > 0) lines.push(`${changes.handEdits} ${row.hand_edits.join(', ')}`);
  return lines.length === 0 ? null : element('p', { class: 'remark' }, ...joined(lines));
}

/** The first changes of the newest promotions are seen at once; everything else unfolds. */
function changeList(row: Row, open: boolean, voice: Voice): Child {
  const { changes } = voice.words;
  if (row.changes === null) return null;
  if (row.changes.length === 0) return element('p', { class: 'meta' }, changes.noChange);
  const seen = open ? row.changes.slice(0, SEEN_CHANGES) : [];
  const folded = row.changes.slice(seen.length);
  const count = voice.number(folded.length + row.more_changes);
  const summary = seen.length > 0 ? changes.more(count) : `${changes.content} (${count})`;
  const rows = (some: readonly ChangeRow[]): HTMLElement =>
    element('ul', { class: 'changes' }, ...some.map((change) => changeRow(change, voice)));
  const beyond = row.more_changes > 0 ? changes.more(voice.number(row.more_changes)) : null;
  return element(
    'div',
    {},
    seen.length > 0 ? rows(seen) : null,
    folded.length === 0 ? null : unfolding([summary], {}, () => [rows(folded), beyond]),
  );
}

const CHANGE_SIGNS = { added: '+', changed: '~', removed: '−' } as const;

function changeRow(change: ChangeRow, voice: Voice): HTMLElement {
  const { changes } = voice.words;
  const sign = element(
    'span',
    { class: `sign ${change.change}` },
    CHANGE_SIGNS[change.change],
    element('span', { class: 'unseen' }, ` ${changes.signs[change.change]}: `),
  );
  const title: Child[] = [sign, said(change.name), ' ', element('span', { class: 'kind' }, changes.kinds[change.kind])];
  const texts = [change.text, change.before].filter((text) => text !== '' && text !== change.name);
  if (texts.length === 0) return element('li', {}, element('p', { class: 'title' }, ...title));
  return element(
    'li',
    {},
    unfolding(title, { class: 'change' }, () => [
      change.text === '' ? null : prose(change.text, voice),
      change.before === ''
        ? null
        : element(
            'div',
            { class: 'before' },
            element('p', { class: 'kind' }, changes.before),
            prose(change.before, voice),
          ),
      element('p', { class: 'meta' }, sessionMark(change.thread, voice)),
    ]),
  );
}

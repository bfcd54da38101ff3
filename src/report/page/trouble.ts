import type { DiscardRow, HealthRow, ReportModel, TroubleRow } from '../model.ts';
import { element, joined, said, unfolding } from './dom.ts';
import type { Child } from './dom.ts';
import type { Voice } from './format.ts';
import { coded, figure, pagedList, prose, repositoryMark, section, sessionMark, tag, timeMark } from './parts.ts';
import { waitsTooLong } from './scope.ts';
import type { InRepository, Scope } from './scope.ts';

const PAGE = 10;

export function troubleSection(model: ReportModel, scope: Scope, voice: Voice): HTMLElement {
  const { trouble } = voice.words;
  const failing = [...model.health.map((row) => healthRow(row, voice)), ...waits(model, scope, voice)];
  const list =
    scope.trouble.length + failing.length === 0
      ? element('p', { class: 'nothing' }, trouble.none)
      : pagedList({
          items: scope.trouble,
          row: (row) => troubleRow(row, voice),
          voice,
          page: PAGE,
          className: 'troubles',
        });
  return section('trouble', trouble.name, trouble.about, ...failing, list, discards(scope, voice));
}

/** A step of the loop that keeps failing, wherever: it stands above all else. */
function healthRow(row: HealthRow, voice: Voice): HTMLElement {
  const { trouble } = voice.words;
  const times = [row.since === '' ? null : `${trouble.since} ${voice.age(row.since)}`];
  return element(
    'div',
    { class: 'failing' },
    element('p', {}, tag('!', 'alarm'), `${trouble.steps[row.step]}: ${trouble.failing(voice.number(row.failures))}`),
    row.message === '' ? null : element('p', { class: 'prose', dir: 'auto' }, row.message),
    element('p', { class: 'meta' }, ...joined(times)),
  );
}

function waits(model: ReportModel, { stations }: Scope, voice: Voice): HTMLElement[] {
  const { trouble } = voice.words;
  const kinds = [
    [stations.oldest_queued, trouble.queueWaits],
    [stations.oldest_pending, trouble.pendingWaits],
  ] as const;
  return kinds.flatMap(([since, text]) =>
    since !== null && waitsTooLong(since, model.generated_at)
      ? [
          element(
            'div',
            { class: 'failing' },
            element('p', {}, tag('!', 'alarm'), text(voice.age(since))),
            element('p', { class: 'prose' }, ...coded(trouble.waitsFix)),
          ),
        ]
      : [],
  );
}

function troubleRow(row: InRepository<TroubleRow>, voice: Voice): HTMLElement {
  const { trouble } = voice.words;
  const meta = joined([
    repositoryMark(row.repository),
    timeMark(row.at, voice),
    row.attempts > 0 ? trouble.attempts(voice.number(row.attempts)) : null,
  ]);
  return element(
    'li',
    { class: 'trouble' },
    element('h3', {}, tag('!', 'alarm'), trouble.kinds[row.kind]),
    element('p', {}, element('code', {}, said(row.what))),
    row.detail === '' ? null : prose(row.detail, voice),
    element('p', { class: 'meta' }, ...meta),
  );
}

function discards(scope: Scope, voice: Voice): Child {
  const { trouble } = voice.words;
  const total = scope.totals.discards;
  if (total === 0) return null;
  const counts = new Map<string, number>();
  for (const { reason } of scope.discards) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].toSorted((a, b) => b[1] - a[1]);
  return element(
    'div',
    { class: 'group' },
    element('h3', {}, trouble.discards, ' ', figure('discards', total, voice)),
    element('p', { class: 'about' }, trouble.discardsAbout),
    element(
      'ul',
      { class: 'reasons' },
      ...reasons.map(([reason, count]) =>
        element(
          'li',
          {},
          element('span', { class: 'number' }, voice.number(count)),
          ` ${trouble.reasons[reason] ?? reason}`,
        ),
      ),
    ),
    unfolding([trouble.showDiscards(voice.number(scope.discards.length))], {}, () => [
      pagedList({
        items: scope.discards,
        row: (row) => discardRow(row, voice),
        voice,
        page: PAGE * 2,
        className: 'discards',
      }),
    ]),
  );
}

function discardRow(row: InRepository<DiscardRow>, voice: Voice): HTMLElement {
  const { trouble, loop } = voice.words;
  const meta = joined([
    trouble.reasons[row.reason] ?? row.reason,
    repositoryMark(row.repository),
    timeMark(row.at, voice),
    `${loop.generation} ${voice.number(row.generation)}`,
    sessionMark(row.thread, voice),
  ]);
  return element(
    'li',
    {},
    element('p', {}, said(row.summary || row.family)),
    row.detail === '' ? null : element('p', { class: 'prose', dir: 'auto' }, row.detail),
    element('p', { class: 'meta' }, ...meta),
  );
}

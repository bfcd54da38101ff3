import type { ReportModel } from '../model.ts';
import { barChart } from './chart.ts';
import { element, svg } from './dom.ts';
import type { Child } from './dom.ts';
import type { Voice } from './format.ts';
import { figure, section } from './parts.ts';
import type { Scope } from './scope.ts';

export function useSection(model: ReportModel, scope: Scope, voice: Voice): HTMLElement {
  const { use } = voice.words;
  const sum = (of: (day: Scope['use'][number]) => number): number =>
    scope.use.reduce((total, day) => total + of(day), 0);
  const figures = element(
    'dl',
    { class: 'figures' },
    ...pair(use.sessions, 'sessions-given', scope.stations.sessions_given, voice),
    ...pair(
      use.records,
      'records-given',
      sum(({ records }) => records),
      voice,
    ),
    ...pair(
      use.vain,
      'in-vain',
      sum((day) => day.in_vain),
      voice,
    ),
  );
  if (scope.use.length === 0)
    return section('use', use.name, use.about, figures, element('p', { class: 'nothing' }, use.empty));
  const now = model.generated_at;
  const unused = scope.recall.filter(({ used }) => used === 0).length;
  return section(
    'use',
    use.name,
    use.about,
    figures,
    barChart(
      scope.use.map(({ day, sessions: value }) => ({ day, value })),
      now,
      { perDay: use.sessionsPerDay, perWeek: use.sessionsPerWeek },
      voice,
    ),
    barChart(
      scope.use.map(({ day, records: value }) => ({ day, value })),
      now,
      use,
      voice,
    ),
    unused > 0 ? element('p', { class: 'meta' }, use.never(voice.number(unused))) : null,
  );
}

const pair = (name: string, key: string, value: number, voice: Voice): HTMLElement[] => [
  element('div', {}, element('dt', {}, name), element('dd', {}, figure(key, value, voice))),
];

export function costSection(model: ReportModel, voice: Voice): HTMLElement {
  const { cost } = voice.words;
  const { today, limits, days } = model.cost;
  const reached = today.calls >= limits.calls || today.tokens >= limits.tokens;
  return section(
    'cost',
    cost.name,
    cost.about,
    element(
      'div',
      { class: 'meters' },
      meter(cost.calls, 'calls', { used: today.calls, limit: limits.calls }, voice),
      meter(cost.tokens, 'tokens', { used: today.tokens, limit: limits.tokens }, voice),
    ),
    reached ? element('p', { class: 'remark' }, cost.reached) : null,
    ...(days.length > 1 ? costCharts(model, voice) : [element('p', { class: 'meta' }, cost.today)]),
  );
}

function meter(name: string, key: string, spent: { used: number; limit: number }, voice: Voice): HTMLElement {
  const { used, limit } = spent;
  const share = limit > 0 ? Math.min(1, used / limit) : 0;
  const parts: Child[] = [figure(`today-${key}`, used, voice), ` / ${voice.number(limit)}`];
  const label = `${name}: ${voice.words.cost.of(voice.number(used), voice.number(limit))}`;
  return element(
    'div',
    { class: share >= 1 ? 'meter full' : 'meter' },
    element('p', {}, element('span', { class: 'name' }, name), element('span', {}, ...parts)),
    svg(
      'svg',
      { viewBox: '0 0 100 2', preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
      svg('rect', { class: 'bar none', width: 100, height: 2 }),
      svg('rect', { class: 'bar', width: (share * 100).toFixed(2), height: 2 }),
    ),
  );
}

function costCharts({ cost: { days }, generated_at: now }: ReportModel, voice: Voice): HTMLElement[] {
  const { cost } = voice.words;
  const calls = days.map(({ day, calls: value }) => ({ day, value }));
  const tokens = days.map(({ day, tokens: value }) => ({ day, value }));
  const tokenWords = { perDay: cost.tokensPerDay, perWeek: cost.tokensPerWeek };
  return [barChart(calls, now, cost, voice), barChart(tokens, now, tokenWords, voice)];
}

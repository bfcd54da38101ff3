import type { ReportModel } from '../model.ts';
import { element, joined } from './dom.ts';
import type { Child } from './dom.ts';
import type { Voice } from './format.ts';
import { attentionCount } from './scope.ts';
import type { Scope } from './scope.ts';

/** The page in one sentence, and how the loop is doing in another. */
export function leadSection(model: ReportModel, scope: Scope, voice: Voice): HTMLElement {
  const { words } = voice;
  const title = scope.bucket?.name ?? words.title;
  return element(
    'section',
    { class: 'lead', 'aria-labelledby': 'top' },
    scope.bucket?.root ? element('p', { class: 'path' }, scope.bucket.root) : null,
    element('h1', { id: 'top', tabindex: -1 }, title),
    isEmpty(scope) ? null : sentence(scope, voice),
    element('p', { class: 'pulse' }, ...pulse(model, scope, voice)),
  );
}

/** Nothing was ever promoted: there is nothing to look at, only something to do. */
export const isEmpty = ({ totals, stations }: Scope): boolean =>
  totals.generations === 0 && totals.recall + stations.user_notes + stations.global_notes + stations.skills === 0;

function sentence({ buckets, stations, totals, generations }: Scope, voice: Voice): HTMLElement {
  const { lead } = voice.words;
  const notes = stations.user_notes + stations.global_notes;
  const sessions = new Set(generations.flatMap((generation) => generation.sessions)).size;
  const counted = (key: string, value: number, noun: (count: number) => string): Child[] => [
    element('strong', { 'data-figure': key }, voice.number(value)),
    ` ${noun(value)}`,
  ];
  const end = voice.language === 'zh' ? '。' : '.';
  return element(
    'p',
    { class: 'sentence' },
    `${buckets.length > 1 ? lead.carriesIn(voice.number(buckets.length)) : lead.carries} `,
    ...counted('lead-notes', notes, lead.notes),
    ` ${lead.and} `,
    ...counted('lead-skills', stations.skills, lead.skills),
    `${voice.language === 'zh' ? '，' : ', '}${lead.canFind} `,
    ...counted('lead-recall', totals.recall, lead.records),
    `${end} ${lead.learnedFrom} `,
    ...counted('lead-sessions', sessions, lead.sessions),
    end,
  );
}

function pulse(model: ReportModel, scope: Scope, voice: Voice): Child[] {
  const { lead } = voice.words;
  const { stations } = scope;
  const waiting = stations.queued + stations.pending + stations.processing;
  const attention = attentionCount(model, scope);
  const last = stations.promoted_at ? `${lead.lastPromotion} ${voice.age(stations.promoted_at)}` : lead.neverPromoted;
  return joined([
    last,
    waiting > 0 ? lead.waiting(voice.number(waiting)) : lead.nothingWaits,
    ...(stations.awaiting_yes > 0 ? [lead.awaiting(voice.number(stations.awaiting_yes))] : []),
    attention > 0
      ? element('a', { href: '#trouble', class: 'attention' }, lead.attention(attention, voice.number(attention)))
      : lead.allWell,
  ]);
}

/** What to do with a home that holds nothing yet. */
export function firstSteps(model: ReportModel, voice: Voice): HTMLElement {
  const { empty } = voice.words;
  const quiet = model.buckets.length > 0;
  const steps = [
    step(empty.install, empty.installWhy, 'npx codex-self-evolution-plugin install'),
    step(empty.trust, empty.trustWhy, '/hooks'),
    step(empty.work, empty.workWhy, null),
    step(empty.scan, empty.scanWhy, 'csep scan --now'),
    step(empty.doctor, empty.doctorWhy, 'csep doctor'),
  ];
  return element(
    'section',
    { class: 'first', 'aria-labelledby': 'first-title' },
    element('h2', { id: 'first-title' }, quiet ? empty.quietTitle : empty.title),
    element('p', { class: 'about' }, quiet ? empty.quietAbout : empty.about),
    element('ol', { class: 'steps' }, ...(quiet ? steps.slice(1) : steps)),
  );
}

const step = (name: string, why: string, command: string | null): HTMLElement =>
  element(
    'li',
    {},
    element('h3', {}, name),
    element('p', {}, why),
    command === null ? null : element('p', {}, element('code', { class: 'command' }, command)),
  );

import type { BucketReport, ReportModel } from '../model.ts';
import { button, element } from './dom.ts';
import type { Child } from './dom.ts';
import type { Voice } from './format.ts';
import { section, timeMark } from './parts.ts';

/** One line per repository; its name leads to a page about it alone. */
export function repositoriesSection(model: ReportModel, voice: Voice, choose: (id: string) => void): HTMLElement {
  const { repositories: words } = voice.words;
  const heads = [words.notes, words.skills, words.records, words.waiting, words.trouble];
  const table = element(
    'table',
    { class: 'repositories' },
    element(
      'thead',
      {},
      element(
        'tr',
        {},
        element('th', { scope: 'col' }, words.repository),
        ...heads.map((name) => element('th', { scope: 'col', class: 'number' }, name)),
        element('th', { scope: 'col' }, words.last),
      ),
    ),
    element('tbody', {}, ...model.buckets.map((bucket) => repositoryRow(bucket, voice, choose))),
  );
  return section(
    'repositories',
    words.name,
    words.about,
    element('div', { class: 'scroll' }, table),
    ...leftOut(model, voice),
  );
}

function repositoryRow(bucket: BucketReport, voice: Voice, choose: (id: string) => void): HTMLElement {
  const { stations } = bucket;
  const numbers = [
    stations.user_notes + stations.global_notes,
    stations.skills,
    stations.recall,
    stations.queued + stations.pending + stations.processing,
    bucket.trouble.length,
  ];
  return element(
    'tr',
    {},
    element(
      'th',
      { scope: 'row' },
      button(bucket.name, { class: 'link' }, () => choose(bucket.id)),
      bucket.root === null ? null : element('span', { class: 'path' }, bucket.root),
    ),
    ...numbers.map((number) => element('td', { class: number === 0 ? 'number zero' : 'number' }, voice.number(number))),
    element('td', {}, stations.promoted_at ? timeMark(stations.promoted_at, voice) : voice.words.repositories.never),
  );
}

function leftOut(model: ReportModel, voice: Voice): Child[] {
  const { repositories: words } = voice.words;
  const lines = [
    ...(model.archived.length > 0 ? [words.archived(voice.number(model.archived.length))] : []),
    ...model.left_out.map(({ name, reason }) => `${words.leftOut}: ${name} – ${reason}`),
  ];
  return lines.map((line) => element('p', { class: 'meta' }, line));
}

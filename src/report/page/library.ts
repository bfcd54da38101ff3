import type { MemoryRow, Origin, SkillRow } from '../model.ts';
import { element, joined, said, unfolding } from './dom.ts';
import type { Child } from './dom.ts';
import type { Voice } from './format.ts';
import { figure, pagedList, prose, repositoryMark, section, sessionMark, tag, timeMark } from './parts.ts';
import { lastAt } from './scope.ts';
import type { InRepository, Scope } from './scope.ts';

const PAGE = 15;

export function memorySection(scope: Scope, voice: Voice): HTMLElement {
  const { memory } = voice.words;
  const groups = (['user', 'global'] as const).map((kind) => {
    const notes = scope.memory.filter((note) => note.scope === kind);
    const count = kind === 'user' ? scope.stations.user_notes : scope.stations.global_notes;
    return element(
      'div',
      { class: 'group' },
      element('h3', {}, memory[kind], ' ', figure(`${kind}-notes`, count, voice)),
      notes.length === 0
        ? element('p', { class: 'nothing' }, memory.empty)
        : pagedList({ items: notes, row: (note) => noteRow(note, voice), voice, page: PAGE, className: 'notes' }),
    );
  });
  return section('memory', memory.name, memory.about, ...groups);
}

function noteRow(note: InRepository<MemoryRow>, voice: Voice): HTMLElement {
  const { memory } = voice.words;
  const newest = note.origins.reduce<Origin | undefined>(
    (best, origin) => (best && best.at >= origin.at ? best : origin),
    undefined,
  );
  const meta = joined([
    repositoryMark(note.repository),
    ...(newest ? originParts(newest, voice, lastAt(note)) : []),
    note.confidence < 1 ? memory.confidence(voice.share(note.confidence)) : null,
    note.sources.length > 0 ? element('code', {}, note.sources.join(', ')) : null,
  ]);
  return element(
    'li',
    { class: 'note' },
    element('h4', {}, said(note.summary)),
    note.content === note.summary ? null : prose(note.content, voice),
    element('p', { class: 'meta' }, ...meta),
    note.origins.length > 1 ? allOrigins(note.origins, voice) : null,
  );
}

const originParts = (origin: Origin, voice: Voice, at = origin.at): Child[] => [
  timeMark(at, voice),
  origin.basis === '' ? null : (voice.words.basis[origin.basis] ?? origin.basis),
  origin.basis === 'hand-edit' ? null : sessionMark(origin.thread, voice),
  origin.provider === '' ? null : origin.provider,
];

const allOrigins = (origins: readonly Origin[], voice: Voice): HTMLElement =>
  unfolding([voice.words.memory.origins(voice.number(origins.length))], {}, () => [
    element(
      'ul',
      { class: 'origins' },
      ...origins.toReversed().map((origin) => element('li', { class: 'meta' }, ...joined(originParts(origin, voice)))),
    ),
  ]);

export function skillsSection(scope: Scope, voice: Voice): HTMLElement {
  const { skills } = voice.words;
  const order = scope.skills.toSorted((a, b) => rank(a) - rank(b) || (a.updated_at > b.updated_at ? -1 : 1));
  const lead = element(
    'p',
    { class: 'lead-figure' },
    figure('skills', scope.stations.skills, voice),
    ` ${voice.words.lead.skills(scope.stations.skills)}`,
  );
  const content =
    order.length === 0
      ? element('p', { class: 'nothing' }, skills.empty)
      : pagedList({ items: order, row: (skill) => skillRow(skill, voice), voice, page: PAGE, className: 'skills' });
  return section('skills', skills.name, skills.about, lead, content);
}

/** Ours that are in use, then others', then what was retired. */
const rank = (skill: SkillRow): number => (skill.status === 'retired' ? 2 : skill.ours ? 0 : 1);

function skillRow(skill: InRepository<SkillRow>, voice: Voice): HTMLElement {
  const { skills } = voice.words;
  const meta = joined([
    repositoryMark(skill.repository),
    timeMark(skill.updated_at, voice),
    element('code', {}, skill.id),
    skill.ours ? null : skills.foreign,
  ]);
  return element(
    'li',
    { class: skill.status === 'retired' ? 'skill retired' : 'skill' },
    element('h3', {}, said(skill.title), skill.status === 'retired' ? tag(skills.retired) : null),
    skill.description === '' ? null : element('p', { class: 'prose', dir: 'auto' }, skill.description),
    element('p', { class: 'meta' }, ...meta),
    skill.content === ''
      ? null
      : unfolding([skills.body], {}, () => [element('pre', { dir: 'auto', tabindex: 0 }, skill.content)]),
  );
}

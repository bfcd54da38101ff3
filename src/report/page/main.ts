import type { Language, ReportModel } from '../model.ts';
import { element } from './dom.ts';
import type { Child } from './dom.ts';
import { voiceOf } from './format.ts';
import type { Voice } from './format.ts';
import { header, sectionLinks } from './header.ts';
import type { Choices } from './header.ts';
import { firstSteps, isEmpty, leadSection } from './lead.ts';
import { memorySection, skillsSection } from './library.ts';
import { loopSection } from './loop.ts';
import { recallSection, SEARCH_ID } from './recall.ts';
import { repositoriesSection } from './repositories.ts';
import { scopeOf } from './scope.ts';
import type { Scope } from './scope.ts';
import { chooseTheme, isDark, restoreTheme } from './theme.ts';
import { timelineSection } from './timeline.ts';
import { troubleSection } from './trouble.ts';
import { costSection, useSection } from './use.ts';

interface State {
  language: Language;
  /** Id of the repository that is shown; null: all. */
  repository: string | null;
}

const model = readModel();
const state: State = {
  language: model.language ?? (navigator.language.startsWith('zh') ? 'zh' : 'en'),
  repository: model.opens_at,
};

function readModel(): ReportModel {
  // Our own file, written by renderPage from this very type.
  const parsed: ReportModel = JSON.parse(document.querySelector('#model')?.textContent ?? '');
  return parsed;
}

function draw(): void {
  const voice = voiceOf(state.language, model.generated_at);
  const scope = scopeOf(model, state.repository);
  document.documentElement.lang = state.language === 'zh' ? 'zh-Hans' : 'en';
  document.title = `${scope.bucket?.name ?? voice.words.title} – csep`;
  const { links, sections } = sectionsOf(scope, voice);
  document
    .querySelector('#page')
    ?.replaceChildren(
      element('a', { class: 'skip', href: '#main' }, voice.words.skip),
      header(model, scope, voice, choices),
      sectionLinks(links, voice),
      element('main', { id: 'main', tabindex: -1 }, ...sections),
      footer(voice),
    );
}

function sectionsOf(scope: Scope, voice: Voice): { links: [string, string][]; sections: HTMLElement[] } {
  const { loop, repositories, changes, memory, skills, recall, use, cost, trouble } = voice.words;
  const several = scope.bucket === null && model.buckets.length > 1;
  const empty = isEmpty(scope);
  const named: [string, string, HTMLElement | null][] = [
    ['loop', loop.name, loopSection(model, scope, voice)],
    ['repositories', repositories.name, several ? repositoriesSection(model, voice, choices.chooseRepository) : null],
    ['changes', changes.name, empty ? null : timelineSection(model, scope, voice)],
    ['memory', memory.name, empty ? null : memorySection(scope, voice)],
    ['skills', skills.name, empty ? null : skillsSection(scope, voice)],
    ['recall', recall.name, empty ? null : recallSection(scope, voice)],
    ['use', use.name, empty ? null : useSection(model, scope, voice)],
    ['cost', cost.name, costSection(model, voice)],
    ['trouble', trouble.name, troubleSection(model, scope, voice)],
  ];
  const present = named.flatMap(([id, name, made]) => (made ? [{ id, name, made }] : []));
  return {
    links: present.map(({ id, name }) => [id, name]),
    sections: [
      leadSection(model, scope, voice),
      ...(empty ? [firstSteps(model, voice)] : []),
      ...present.map(({ made }) => made),
    ],
  };
}

function footer(voice: Voice): HTMLElement {
  const written: Child[] = [`${voice.words.written} ${voice.moment(model.generated_at)} · csep ${model.program} · `];
  return element(
    'footer',
    {},
    element('p', {}, ...written, element('code', {}, model.home)),
    element('p', {}, voice.words.foot),
  );
}

const choices: Choices = {
  chooseRepository: (id) => {
    state.repository = id;
    draw();
    const top = document.querySelector<HTMLElement>('#top');
    top?.focus({ preventScroll: true });
    scrollTo(0, 0);
  },
  chooseLanguage: (language) => {
    state.language = language;
    draw();
    document.querySelector<HTMLElement>(`[data-language="${language}"]`)?.focus();
  },
  toggleTheme: () => chooseTheme(isDark() ? 'light' : 'dark'),
  isDark,
};

/** `/` leads to the search, unless somebody is writing. */
document.addEventListener('keydown', (event) => {
  const { target } = event;
  const writes = target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  if (event.key !== '/' || writes || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector<HTMLElement>(`#${SEARCH_ID}`);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.scrollIntoView({ block: 'center' });
});

restoreTheme();
draw();

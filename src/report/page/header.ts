import type { Language, ReportModel } from '../model.ts';
import { button, element, svg } from './dom.ts';
import type { Child } from './dom.ts';
import type { Voice } from './format.ts';
import type { Scope } from './scope.ts';

export interface Choices {
  /** Null: all repositories. */
  chooseRepository: (id: string | null) => void;
  chooseLanguage: (language: Language) => void;
  toggleTheme: () => void;
  isDark: () => boolean;
}

export function header(model: ReportModel, scope: Scope, voice: Voice, choices: Choices): HTMLElement {
  const { words } = voice;
  return element(
    'header',
    { class: 'mast' },
    element('p', { class: 'brand' }, mark(), element('strong', {}, 'csep'), element('span', {}, words.brand)),
    element(
      'div',
      { class: 'controls' },
      model.buckets.length > 1 ? repositoryChoice(model, scope, voice, choices) : null,
      languageChoice(voice, choices),
      themeToggle(voice, choices),
    ),
  );
}

/** The loop in small. */
const mark = (): SVGSVGElement =>
  svg(
    'svg',
    { class: 'mark', viewBox: '0 0 24 24', 'aria-hidden': 'true' },
    svg('path', { d: 'M7 5h10a7 7 0 0 1 0 14H7A7 7 0 0 1 7 5z' }),
    svg('circle', { cx: 17, cy: 5, r: 3 }),
  );

function repositoryChoice(model: ReportModel, scope: Scope, voice: Voice, choices: Choices): Child {
  const { words } = voice;
  const select = element(
    'select',
    { id: 'repository', 'aria-label': words.repository },
    element('option', { value: '', selected: scope.bucket === null }, words.allRepositories),
    ...model.buckets.map((bucket) =>
      element('option', { value: bucket.id, selected: scope.bucket?.id === bucket.id }, bucket.name),
    ),
  );
  select.addEventListener('change', () => choices.chooseRepository(select.value || null));
  return select;
}

const LANGUAGES = [
  ['en', 'English', 'EN'],
  ['zh', '中文', '中文'],
] as const;

function languageChoice(voice: Voice, choices: Choices): HTMLElement {
  const buttons = LANGUAGES.map(([language, name, short]) =>
    button(
      short,
      {
        lang: language === 'zh' ? 'zh-Hans' : 'en',
        title: name,
        'aria-pressed': String(language === voice.language),
        'data-language': language,
      },
      () => choices.chooseLanguage(language),
    ),
  );
  return element('div', { class: 'languages', role: 'group', 'aria-label': voice.words.language }, ...buttons);
}

function themeToggle(voice: Voice, choices: Choices): HTMLElement {
  const made = button(
    '',
    {
      class: 'theme',
      'aria-label': voice.words.theme,
      title: voice.words.theme,
      'aria-pressed': String(choices.isDark()),
    },
    () => {
      choices.toggleTheme();
      made.setAttribute('aria-pressed', String(choices.isDark()));
    },
  );
  made.append(
    svg(
      'svg',
      { viewBox: '0 0 24 24', 'aria-hidden': 'true' },
      svg('circle', { cx: 12, cy: 12, r: 8 }),
      svg('path', { d: 'M12 4a8 8 0 0 1 0 16z' }),
    ),
  );
  return made;
}

/** The way to the sections. */
export function sectionLinks(links: readonly (readonly [id: string, name: string])[], voice: Voice): HTMLElement {
  const items = links.map(([id, name]) => element('li', {}, element('a', { href: `#${id}` }, name)));
  return element('nav', { 'aria-label': voice.words.sections }, element('ul', {}, ...items));
}

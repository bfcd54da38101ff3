import { button, element } from './dom.ts';
import type { Child } from './dom.ts';
import type { Voice } from './format.ts';

/** A section: its title and what it is about in the margin, its content beside that. */
export function section(id: string, title: string, about: string, ...content: Child[]): HTMLElement {
  return element(
    'section',
    { id, 'aria-labelledby': `${id}-title`, tabindex: -1 },
    element(
      'div',
      { class: 'margin' },
      element('h2', { id: `${id}-title` }, title),
      element('p', { class: 'about' }, about),
    ),
    element('div', { class: 'content' }, ...content),
  );
}

/** A number that the home vouches for; tests read it back by its name. */
export const figure = (name: string, value: number, voice: Voice): HTMLElement =>
  element('span', { class: 'figure', 'data-figure': name }, voice.number(value));

/** Marks without which a count would be only a colour. */
export const tag = (text: string, kind = 'plain'): HTMLElement => element('span', { class: `tag ${kind}` }, text);

interface PagedOptions<T> {
  items: readonly T[];
  row: (item: T) => HTMLElement;
  voice: Voice;
  /** How many at once. */
  page: number;
  className: string;
}

/** A list that shows its beginning, and more of it on request: ten thousand rows would make a page slow. */
export function pagedList<T>(options: PagedOptions<T>): HTMLElement {
  const { items, row, voice, page, className } = options;
  const list = element('ul', { class: `rows ${className}` });
  const holder = element('div', {}, list);
  let shown = 0;
  const next = (focus: boolean): void => {
    const rows = items.slice(shown, shown + page).map(row);
    shown += rows.length;
    list.append(...rows);
    more.hidden = shown >= items.length;
    more.textContent = more.hidden ? '' : voice.words.more(voice.number(Math.min(page, items.length - shown)));
    const [first] = rows;
    if (!focus || !first) return;
    first.tabIndex = -1;
    first.focus();
  };
  const more = button('', { class: 'more' }, () => next(true));
  next(false);
  holder.append(more);
  return holder;
}

const LONG_TEXT = 420;

/** A text in which words between backticks are set as code. */
export const coded = (text: string): Child[] =>
  text.split(/`([^`\n]{1,200})`/).map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part));

/** A text of any length: the beginning of a long one, all of it on request. */
export function prose(text: string, voice: Voice, longest = LONG_TEXT): HTMLElement {
  const isLong = text.length > longest * 1.3;
  const holder = element(
    'div',
    { class: 'prose', dir: 'auto' },
    ...coded(isLong ? `${text.slice(0, longest)}…` : text),
  );
  if (!isLong) return holder;
  const all = button(voice.words.showAll, { class: 'link' }, () => {
    holder.replaceWith(element('div', { class: 'prose', dir: 'auto' }, ...coded(text)));
    all.remove();
  });
  return element('div', {}, holder, all);
}

/** First characters of an id that are enough to tell it from its neighbours. */
const shortId = (id: string): string =>
  /^[0-9a-f-]{36}$/.test(id) ? `${id.slice(0, 8)}…${id.slice(-4)}` : id.slice(0, 24);

export const sessionMark = (thread: string, voice: Voice): Child =>
  thread === '' ? null : element('span', {}, `${voice.words.session} `, element('code', {}, shortId(thread)));

export const repositoryMark = (repository: string | null): Child =>
  repository === null ? null : element('span', { class: 'repository' }, repository);

export const timeMark = (at: string, voice: Voice): Child =>
  at === '' ? null : element('time', { datetime: at, title: voice.moment(at) }, voice.age(at));

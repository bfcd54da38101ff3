import type { RecallRow } from '../model.ts';
import { button, element, joined } from './dom.ts';
import type { Child } from './dom.ts';
import type { Voice } from './format.ts';
import { coded, figure, pagedList, repositoryMark, section, sessionMark, timeMark } from './parts.ts';
import type { InRepository, Scope } from './scope.ts';
import { excerpt, find, indexOf, matchesIn, wordsOf } from './search.ts';

type Row = InRepository<RecallRow>;
type Order = 'newest' | 'used';

const PAGE = 20;
const LONGEST_EXCERPT = 320;

/** Id of the field that `/` leads to. */
export const SEARCH_ID = 'search';

export function recallSection(scope: Scope, voice: Voice): HTMLElement {
  const { recall, lead } = voice.words;
  const { totals } = scope;
  const head = element(
    'p',
    { class: 'lead-figure' },
    figure('recall', totals.recall, voice),
    ` ${lead.records(totals.recall)}`,
  );
  const none = totals.recall === 0 ? recall.empty : recall.notShown;
  if (scope.recall.length === 0)
    return section('recall', recall.name, recall.about, head, element('p', { class: 'nothing' }, none));
  const cut = totals.recall > scope.recall.length;
  return section(
    'recall',
    recall.name,
    recall.about,
    head,
    cut ? element('p', { class: 'remark' }, recall.cut(voice.number(scope.recall.length))) : null,
    ...searchable(scope.recall, voice),
  );
}

function searchable(records: readonly Row[], voice: Voice): Child[] {
  const { recall } = voice.words;
  const field = element('input', {
    id: SEARCH_ID,
    type: 'search',
    placeholder: recall.placeholder,
    autocomplete: 'off',
    spellcheck: 'false',
    'aria-keyshortcuts': '/',
    'aria-describedby': 'search-hint',
  });
  const count = element('p', { class: 'count', role: 'status', 'data-results': '' });
  const results = element('div', {});
  const orders = new Map<Order, readonly Row[]>([['newest', records]]);
  let order: Order = 'newest';
  // Ten thousand records take some hundredths of a second to prepare: when somebody searches, not when the page opens.
  const indexes = new Map<Order, ReturnType<typeof indexOf<Row>>>();
  const show = (): void => {
    const list = orders.get(order) ?? records.toSorted((a, b) => b.used - a.used);
    orders.set(order, list);
    const words = wordsOf(field.value);
    const index = words.length === 0 ? undefined : (indexes.get(order) ?? indexOf(list));
    if (index) indexes.set(order, index);
    const found = index ? find(index, field.value) : list;
    const shown = voice.number(found.length);
    count.textContent = words.length === 0 ? recall.all(shown) : recall.count(shown, voice.number(records.length));
    const row = (record: Row): HTMLElement => recordRow(record, words, voice);
    results.replaceChildren(
      found.length === 0
        ? element('p', { class: 'nothing' }, recall.nothing)
        : pagedList({ items: found, row, voice, page: PAGE, className: 'records' }),
    );
  };
  field.addEventListener('input', show);
  const choose = (chosen: Order): void => {
    order = chosen;
    show();
  };
  show();
  return [
    element(
      'search',
      { class: 'search' },
      element('label', { for: SEARCH_ID }, recall.search),
      field,
      element('p', { id: 'search-hint', class: 'hint' }, recall.hint),
      orderChoice(voice, choose),
    ),
    count,
    results,
  ];
}

function orderChoice(voice: Voice, choose: (order: Order) => void): HTMLElement {
  const { recall } = voice.words;
  const choices = (['newest', 'used'] as const).map((order) => {
    const radio = element('input', { type: 'radio', name: 'order', value: order, checked: order === 'newest' });
    radio.addEventListener('change', () => choose(order));
    return element('label', {}, radio, element('span', {}, recall[order]));
  });
  return element('fieldset', { class: 'choice' }, element('legend', { class: 'unseen' }, recall.order), ...choices);
}

function recordRow(record: Row, words: readonly string[], voice: Voice): HTMLElement {
  const { recall } = voice.words;
  const meta = joined([
    repositoryMark(record.repository),
    timeMark(record.at, voice),
    sessionMark(record.thread, voice),
    record.used > 0 ? recall.usedTimes(record.used, voice.number(record.used)) : null,
    element('code', {}, ...marked(record.id, words)),
    record.sources.length > 0 ? element('code', {}, ...marked(record.sources.join(', '), words)) : null,
  ]);
  return element(
    'li',
    { class: 'record' },
    element('h3', {}, element('bdi', { dir: 'auto' }, ...marked(record.summary, words))),
    record.content === record.summary ? null : contentOf(record.content, words, voice),
    element('p', { class: 'meta' }, ...meta),
  );
}

function contentOf(content: string, words: readonly string[], voice: Voice): HTMLElement {
  const text = element(
    'div',
    { class: 'prose', dir: 'auto' },
    ...marked(excerpt(content, words, LONGEST_EXCERPT), words),
  );
  if (content.length <= LONGEST_EXCERPT) return text;
  const all = button(voice.words.showAll, { class: 'link' }, () => {
    text.replaceChildren(...marked(content, words).filter((part) => part !== null && part !== false));
    all.remove();
  });
  return element('div', {}, text, all);
}

const marked = (text: string, words: readonly string[]): Child[] =>
  words.length === 0 ? coded(text) : parted(text, words);

const parted = (text: string, words: readonly string[]): Child[] =>
  matchesIn(text, words).map((part, index) => (index % 2 === 1 ? element('mark', {}, part) : part));

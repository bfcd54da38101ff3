import { element, svg, unfolding } from './dom.ts';
import type { Voice } from './format.ts';

export interface DayValue {
  day: string;
  value: number;
}

interface ChartWords {
  perDay: string;
  perWeek: string;
}

const DAY_MS = 86_400_000;
const MOST_BARS = 110;
const FEWEST_DAYS = 28;
const WIDTH = 720;
const HEIGHT = 96;

interface Bar {
  start: string;
  value: number;
}

/** Bars over time, one a day or, where that would be too many, one a week; the figures stand in a table below. */
export function barChart(days: readonly DayValue[], now: string, words: ChartWords, voice: Voice): HTMLElement {
  const { bars, step } = barsOf(days, now);
  const title = step === 1 ? words.perDay : words.perWeek;
  const peak = Math.max(1, ...bars.map(({ value }) => value));
  const highest = bars.reduce((best, bar) => (bar.value > best.value ? bar : best), { start: '', value: 0 });
  const summary = `${title}: ${voice.words.peak(voice.number(highest.value))}${highest.start ? `, ${voice.day(highest.start)}` : ''}`;
  return element(
    'figure',
    { class: 'chart' },
    element('figcaption', {}, title, element('span', {}, voice.words.peak(voice.number(highest.value)))),
    drawBars(bars, peak, summary),
    element(
      'div',
      { class: 'axis', 'aria-hidden': 'true' },
      element('span', {}, voice.day(bars[0]?.start ?? '')),
      element('span', {}, voice.day(now.slice(0, 10))),
    ),
    unfolding([voice.words.table], { class: 'table-of' }, () => [tableOf(bars, step, title, voice)]),
  );
}

/** @returns consecutive bars up to today, at least four weeks of them */
function barsOf(days: readonly DayValue[], now: string): { bars: Bar[]; step: number } {
  const today = Math.floor(Date.parse(now) / DAY_MS);
  const values = new Map<number, number>();
  let first = today - FEWEST_DAYS + 1;
  for (const { day, value } of days) {
    const number = Math.floor(Date.parse(day) / DAY_MS);
    if (Number.isNaN(number) || number > today || number < today - 370) continue;
    values.set(number, (values.get(number) ?? 0) + value);
    first = Math.min(first, number);
  }
  const step = today - first + 1 > MOST_BARS ? 7 : 1;
  const count = Math.ceil((today - first + 1) / step);
  const bars = Array.from({ length: count }, (_, index) => {
    const start = today - (count - index) * step + 1;
    let value = 0;
    for (let day = start; day < start + step; day++) value += values.get(day) ?? 0;
    return { start: new Date(start * DAY_MS).toISOString().slice(0, 10), value };
  });
  return { bars, step };
}

function drawBars(bars: readonly Bar[], peak: number, summary: string): SVGSVGElement {
  const slot = WIDTH / bars.length;
  const gap = Math.min(2, slot * 0.3);
  const drawn = bars.map(({ value }, index) => {
    const height = value === 0 ? 1 : Math.max(3, (value / peak) * (HEIGHT - 6));
    return svg('rect', {
      class: value === 0 ? 'bar none' : 'bar',
      x: (index * slot).toFixed(2),
      y: (HEIGHT - height).toFixed(2),
      width: (slot - gap).toFixed(2),
      height: height.toFixed(2),
    });
  });
  const frame = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': summary };
  return svg('svg', frame, ...drawn);
}

function tableOf(bars: readonly Bar[], step: number, title: string, voice: Voice): HTMLElement {
  const rows = bars
    .filter(({ value }) => value > 0)
    .toReversed()
    .map(({ start, value }) =>
      element('tr', {}, element('td', {}, voice.day(start)), element('td', { class: 'number' }, voice.number(value))),
    );
  const head = [step === 1 ? voice.words.day : voice.words.week, title];
  return element(
    'table',
    {},
    element('thead', {}, element('tr', {}, ...head.map((name) => element('th', { scope: 'col' }, name)))),
    element('tbody', {}, ...rows),
  );
}

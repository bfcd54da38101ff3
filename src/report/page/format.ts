import { CHINESE } from './text-zh.ts';
import { ENGLISH } from './text-en.ts';
import type { Texts } from './text-en.ts';
import type { Language } from '../model.ts';

/** Words, numbers and times in the reader's language. */
export interface Voice {
  language: Language;
  words: Texts;
  number: (value: number) => string;
  /** 0..1 as a percentage. */
  share: (value: number) => string;
  /** Time as a person says it, relative to when the page was written. */
  age: (at: string) => string;
  /** Day and time. */
  moment: (at: string) => string;
  /** Day only. */
  day: (day: string) => string;
}

const DAY = 86_400;
const STEPS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', 3_600],
  ['minute', 60],
];

/** @param now when the page was written, ISO 8601: the page tells of that moment, whenever it is read */
export function voiceOf(language: Language, now: string): Voice {
  const words = language === 'zh' ? CHINESE : ENGLISH;
  const tag = language === 'zh' ? 'zh-CN' : 'en-GB';
  const numbers = new Intl.NumberFormat(tag);
  const shares = new Intl.NumberFormat(tag, { style: 'percent' });
  const relative = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  const moments = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeStyle: 'short' });
  const days = new Intl.DateTimeFormat(tag, { dateStyle: 'medium', timeZone: 'UTC' });
  return {
    language,
    words,
    number: (value) => numbers.format(value),
    share: (value) => shares.format(value),
    age: (at) => {
      const seconds = (Date.parse(at) - Date.parse(now)) / 1_000;
      if (Number.isNaN(seconds)) return at;
      const [unit, length] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['minute', 60];
      return relative.format(Math.round(seconds / length), unit);
    },
    moment: (at) => known(moments, at),
    day: (day) => known(days, day),
  };
}

/** A time that is none is shown as it is. */
function known(format: Intl.DateTimeFormat, at: string): string {
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : format.format(time);
}

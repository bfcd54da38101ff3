import type { ReportModel } from '../model.ts';
import { svg } from './dom.ts';
import type { Voice } from './format.ts';
import { section } from './parts.ts';
import type { Scope } from './scope.ts';
import { stationsOf } from './stations.ts';
import type { Station } from './stations.ts';

/** The loop as a drawing with the counts of this moment: wide, and upright where there is no room. */
export function loopSection(model: ReportModel, scope: Scope, voice: Voice): HTMLElement {
  const stations = stationsOf(model, scope, voice);
  const { name, about } = voice.words.loop;
  return section('loop', name, about, drawWide(stations, voice), drawUpright(stations, voice));
}

interface Point {
  x: number;
  y: number;
}

/** Where the texts of a station stand, relative to it. */
interface TextPlaces {
  value: Point;
  name: Point;
  note: Point;
  anchor: 'middle' | 'start';
  /** Most parts of a note on one line. */
  parts: number;
}

const WIDE = { width: 1040, height: 336, left: 30, right: 1010, top: 92, bottom: 244 };
const ABOVE: TextPlaces = {
  value: { x: 0, y: -26 },
  name: { x: 0, y: 32 },
  note: { x: 0, y: 51 },
  anchor: 'middle',
  parts: 3,
};
const BELOW: TextPlaces = {
  value: { x: 0, y: 50 },
  name: { x: 0, y: -41 },
  note: { x: 0, y: -22 },
  anchor: 'middle',
  parts: 3,
};

function drawWide(stations: readonly Station[], voice: Voice): SVGSVGElement {
  const { left, right, top, bottom, width, height } = WIDE;
  const bend = (bottom - top) / 2;
  const half = stations.length / 2;
  const slot = (right - left - 2 * bend) / half;
  const marks = stations.map((station, index) => {
    const upper = index < half;
    const place = upper ? index : stations.length - 1 - index;
    const at = { x: left + bend + slot * (place + 0.5), y: upper ? top : bottom };
    return drawStation(station, at, upper ? ABOVE : BELOW, voice);
  });
  const between = Array.from({ length: half - 1 }, (_, index) => left + bend + slot * (index + 1));
  const arrows = [
    ...between.map((x) => ({ x, y: top, turn: 0 })),
    ...between.map((x) => ({ x, y: bottom, turn: 180 })),
    { x: right, y: (top + bottom) / 2, turn: 90 },
    { x: left, y: (top + bottom) / 2, turn: -90 },
  ];
  const arc = `A ${bend} ${bend} 0 0 1`;
  const track = `M ${left + bend} ${top} H ${right - bend} ${arc} ${right - bend} ${bottom} H ${left + bend} ${arc} ${left + bend} ${top}`;
  return drawing({ kind: 'wide', width, height, track, arrows, marks }, voice);
}

const UPRIGHT = { width: 340, step: 78, line: 46, start: 40 };
const BESIDE: TextPlaces = {
  value: { x: 30, y: 8 },
  name: { x: 128, y: -3 },
  note: { x: 128, y: 16 },
  anchor: 'start',
  parts: 2,
};

function drawUpright(stations: readonly Station[], voice: Voice): SVGSVGElement {
  const { width, step, line, start } = UPRIGHT;
  const end = start + (stations.length - 1) * step;
  const marks = stations.map((station, index) =>
    drawStation(station, { x: line, y: start + index * step }, BESIDE, voice),
  );
  const arrows = stations.slice(1).map((_, index) => ({ x: line, y: start + (index + 0.5) * step, turn: 90 }));
  // Down on the line of the stations, and back up on its left.
  const track = `M ${line} ${start} V ${end} A 16 16 0 0 1 ${line - 32} ${end} V ${start} A 16 16 0 0 1 ${line} ${start}`;
  return drawing({ kind: 'upright', width, height: end + 44, track, arrows, marks }, voice);
}

interface Drawing {
  kind: string;
  width: number;
  height: number;
  track: string;
  /** Which way it goes; `turn` in degrees, 0 is to the right. */
  arrows: readonly (Point & { turn: number })[];
  marks: readonly SVGElement[];
}

/** A turn travels round once when the page opens, and not at all for those who asked for stillness. */
function drawing({ kind, width, height, track, arrows, marks }: Drawing, voice: Voice): SVGSVGElement {
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  const traveller = svg(
    'circle',
    { class: 'traveller', r: 4, 'aria-hidden': 'true' },
    svg('animateMotion', { path: track, dur: '4.6s', repeatCount: 1, calcMode: 'linear', fill: 'freeze' }),
  );
  return svg(
    'svg',
    {
      class: `loop ${kind}`,
      viewBox: `0 0 ${width} ${height}`,
      role: 'group',
      'aria-label': voice.words.loop.name,
    },
    svg('path', { class: 'track', d: track, 'aria-hidden': 'true' }),
    ...arrows.map(({ x, y, turn }) =>
      svg('path', { class: 'arrow', d: 'M -4 -5 L 2 0 L -4 5', transform: `translate(${x} ${y}) rotate(${turn})` }),
    ),
    still ? null : traveller,
    ...marks,
  );
}

function drawStation(station: Station, at: Point, places: TextPlaces, voice: Voice): SVGElement {
  const { key, name, value, trouble, href } = station;
  const troubled = trouble !== '';
  const notes = troubled ? [trouble] : station.note;
  const lines = linesOf(notes, places.parts);
  const shown = value === null ? '–' : voice.number(value);
  // A blank at the end of each is not drawn, and keeps the words of the link apart for those who hear it.
  const text = (kind: string, place: Point, content: string): SVGElement =>
    svg('text', { class: kind, x: at.x + place.x, y: at.y + place.y, 'text-anchor': places.anchor }, `${content} `);
  const figure = text('value', places.value, shown);
  figure.setAttribute('data-station', key);
  return svg(
    'a',
    { class: troubled ? 'station troubled' : 'station', href },
    svg('circle', { class: 'dot', cx: at.x, cy: at.y, r: 9 }),
    troubled ? svg('text', { class: 'alarm', x: at.x, y: at.y + 5, 'text-anchor': 'middle' }, '! ') : null,
    figure,
    text('name', places.name, name),
    ...lines.map((line, index) => text('note', { x: places.note.x, y: places.note.y + index * 17 }, line)),
  );
}

function linesOf(parts: readonly string[], perLine: number): string[] {
  const count = Math.ceil(parts.length / perLine);
  return Array.from({ length: count }, (_, line) => parts.slice(line * perLine, (line + 1) * perLine).join(' · '));
}

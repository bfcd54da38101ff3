import type { BucketLayout } from '../kernel/home.ts';
import { foreignKeys, withKeys } from '../assets/kept-keys.ts';
import type { KeyedMirror } from '../assets/kept-keys.ts';
import { renderJson } from '../kernel/render-json.ts';
import { parkUnreadable } from './find-edits.ts';
import type { Edit } from './find-edits.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import type { BucketWork } from './show-generation.ts';
import { noteMirror } from './write-mirrors.ts';

/** The knowledge with what people changed by hand taken in, while one edit after the other is looked at. */
export interface AdoptedEdits {
  knowledge: OpenKnowledge;
  /** `<scope>:<summary>`, `recall:<id>` and `skill:<id>` of what the hand has touched. */
  handTouched: Set<string>;
  /** Files in edits/ that are part of the knowledge now; to be removed after the commit. */
  consumed: string[];
  /** Something was adopted: worth a generation even without envelopes. */
  changed: boolean;
}

/** Notes that an edit was looked at: what it changed, or that there was nothing in it. */
export function noteAdopted(
  layout: BucketLayout,
  result: AdoptedEdits,
  { edit, touched }: { edit: Edit; touched: readonly string[] },
): void {
  const { adopted } = result.knowledge;
  if (touched.length > 0) result.changed = true;
  // Line ends, a byte-order mark, a formatter's layout: nothing to find again at the next scan.
  else if (!edit.kept) noteMirror(layout, edit.name, edit.sum);
  for (const key of touched) result.handTouched.add(key);
  if (edit.kept) result.consumed.push(edit.file);
  const sums = [...(adopted[edit.name] ?? []), edit.sum];
  result.knowledge = { ...result.knowledge, adopted: { ...adopted, [edit.name]: sums } };
}

/** Takes in what a person wrote beside our keys. @returns what was touched by that */
export function adoptKeys(result: AdoptedEdits, mirror: KeyedMirror, value: unknown): string[] {
  const { knowledge } = result;
  const keptKeys = withKeys(knowledge.keptKeys, mirror, foreignKeys(mirror, value));
  if (renderJson(keptKeys) === renderJson(knowledge.keptKeys)) return [];
  result.knowledge = { ...knowledge, keptKeys };
  return [`keys:${mirror}`];
}

/** Tells an edit that cannot be read; it stays where it is, or under another name in edits/. */
export function reportUnreadable(work: BucketWork, edit: Edit, why: string): void {
  const file = parkUnreadable(edit);
  work.report({ type: 'problem', what: `${file} ${why}; it is kept and not taken over` });
}

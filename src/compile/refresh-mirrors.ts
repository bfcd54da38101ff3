import type { Report } from '../contracts/event.ts';
import { renderMirrors } from '../assets/render-mirrors.ts';
import type { BucketLayout } from '../kernel/home.ts';
import type { OpenKnowledge } from './open-knowledge.ts';
import { mirrorRecall } from './mirror-recall.ts';
import { mirrorsLag } from './preflight.ts';
import { writeMirrors } from './write-mirrors.ts';

/** Writes the mirrors again when a compile died between its commit and them. */
export function refreshMirrors({
  layout,
  knowledge,
  report,
}: {
  layout: BucketLayout;
  knowledge: OpenKnowledge;
  report: Report;
}): void {
  const { facts, recallFolder } = knowledge;
  if (!facts || !recallFolder || !mirrorsLag(layout)) return;
  const mirrors = renderMirrors({
    generation: facts.generation,
    memory: knowledge.memory,
    skills: knowledge.skills,
    keptKeys: knowledge.keptKeys,
    recall: mirrorRecall({
      layout,
      folder: recallFolder,
      chunks: facts.recall_chunks,
      files: facts.files,
      at: facts.created_at,
      keptKeys: knowledge.keptKeys,
    }),
  });
  writeMirrors({ layout, facts, mirrors, report });
}

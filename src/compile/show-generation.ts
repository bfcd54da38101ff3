import type { Report } from '../contracts/event.ts';
import type { Skill } from '../contracts/skills.ts';
import type { BucketHandle } from '../bucket/open-bucket.ts';
import type { World } from '../kernel/world.ts';
import { publishedKey } from './names.ts';
import { publishSkills } from './publish-skills.ts';
import type { StagedGeneration } from './stage-generation.ts';
import { notePublished, wasAdopted, writeMirrors } from './write-mirrors.ts';

/** Whose bucket is shown, and to whom its oddities are told. */
export interface BucketWork {
  world: World;
  bucket: BucketHandle;
  report: Report;
}

/** After the commit: mirrors and published skills, copies of the truth, each safe to repeat. */
export function showGeneration(work: BucketWork, staged: StagedGeneration, skills: readonly Skill[]): void {
  writeMirrors({ layout: work.bucket.layout, facts: staged.facts, mirrors: staged.mirrors, report: work.report });
  publish(work, skills);
}

/** Makes Codex's skills folders follow, and notes how the files were left, so that an edit there is noticed. */
export function publish({ world, bucket, report }: BucketWork, skills: readonly Skill[]): void {
  const adopted = (skillId: string, sum: string): boolean => wasAdopted(bucket.layout, publishedKey(skillId), sum);
  notePublished(bucket.layout, publishSkills({ world, bucketId: bucket.id, skills, report, wasAdopted: adopted }));
}

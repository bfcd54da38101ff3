import { HOME_CHECKS } from './checks-home.ts';
import { REVIEW_CHECKS } from './checks-review.ts';
import { SETUP_CHECKS } from './checks-setup.ts';
import type { DoctorFacts } from './doctor-facts.ts';
import type { Finding, NamedFinding } from './finding.ts';

/** Judges one thing. Pure: everything that had to be looked at is in the facts. */
export type Check = (facts: DoctorFacts) => Finding;

/** All checks by name, in the order of the way from the installation to a promoted memory. */
export const CHECKS = { ...SETUP_CHECKS, ...REVIEW_CHECKS, ...HOME_CHECKS } satisfies Record<string, Check>;
export type CheckName = keyof typeof CHECKS;

export const examine = (facts: DoctorFacts): NamedFinding[] =>
  Object.entries(CHECKS).map(([check, judge]) => ({ check, ...judge(facts) }));

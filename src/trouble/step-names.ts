import type { HealthStep } from '../contracts/health.ts';

/** The steps without the schema library, which hooks do not load; what may be the cause of others first. */
const NAMES: Record<HealthStep, null> = {
  config: null,
  review: null,
  compile: null,
  scan: null,
  publish: null,
  budget: null,
};

const isStep = (name: string): name is HealthStep => Object.hasOwn(NAMES, name);

export const HEALTH_STEP_NAMES: readonly HealthStep[] = Object.keys(NAMES).filter(isStep);

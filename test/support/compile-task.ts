import type { Place } from '../../src/backend/backend.ts';
import { bucketLayout } from '../../src/kernel/home.ts';

/** A bucket that is nowhere, for tasks that only name it. */
export const aPlace: Place = { root: '/repo', layout: bucketLayout('/home/projects/-repo') };

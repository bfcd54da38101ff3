import type { Lab } from './lab.ts';

/** A part of the story that dies at each of its calls. */
export interface Scenario {
  name: string;
  /** Everything that happened before; all of it is durable. */
  prepare(lab: Lab): Promise<void>;
  /** The program, until it dies. @returns the failure that it tells, if it tells any */
  run(lab: Lab): Promise<unknown>;
  /** Another run has died with envelopes in its hands before. */
  died?: true;
  /** A part of the run that may well succeed alone, when the disk refuses the rest. */
  between?(lab: Lab): Promise<unknown>;
  /** What goes on in the world after the death, before the scheduler comes by. */
  next?(lab: Lab): Promise<void>;
  /** Each is in exactly one entry of the knowledge in the end. */
  facts: readonly string[];
  /** In no entry in the end. */
  gone?: readonly string[];
  /** In no file below the home in the end. */
  purged?: readonly string[];
}

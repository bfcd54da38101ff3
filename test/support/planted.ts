/**
 * The secrets that tests plant, put together at run time so that no scanner takes this file for a leak. None of them
 * may be left in a home when the run is over; leak-watch.ts looks for them, and for whatever has the shape of a token.
 */
export const PLANTED: readonly string[] = [
  ['gh', 'p_', 'aB3dE6gH9jK2mN5pQ8sT1vW4yZ7cF0iL3oR6'],
  ['hunter', '2-', 'correct-horse', '-9Z'],
  ['sk-', 'proj-', 'PlAnTeD0kEy1Zq81LmNoPq77Rs99Tu22'],
  ['sk-', 'proj-', 'Zq81LmNoPq77Rs99'],
  ['sk-', 'test-', 'Zq81LmNoPq77Rs99'],
  ['sk-', 'other-', '0123456789abcdef'],
  ['sk-', 'smoke-', '4711-secret'],
  ['sk-', 'proj-', 'Ab3dEf6hIj9k'],
  ['gh', 'p_', 'a1B2c3D4e5'],
  ['gh', 'p_', 'aB3dE5fG7h'],
].map((parts) => parts.join(''));

/**
 * Names that come from outside become file names only when they match this pattern; otherwise
 * their hash does (`safeName`). No dot first, no separator, bounded. Kept apart from the schemas so
 * that hooks can ask without loading them.
 */
export const OUTSIDE_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,127}$/;

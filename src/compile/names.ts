/** Prefix of folders under generations/ that are no generation; recovery sweeps those of dead runs. */
export const STAGE_PREFIX = '.stage-';

/** A mirror that was moved out of the way carries its own name, so that a compile that died can be continued. */
export const ASIDE_PREFIX = 'mirror-';
export const flatName = (name: string): string => name.replaceAll('/', '~');
export const unflatName = (flat: string): string => flat.replaceAll('~', '/');

/** Ending of names in edits/ of what no compile looks at again: it is there for its owner. */
export const UNREADABLE = '.unreadable';

/** Managed skills lie below this; one file each. */
export const SKILL_MIRRORS = 'skills/managed/';

/** Prefix of a generation's copy from which forgotten entries are gone, before it takes its place. */
export const PURGED_PREFIX = '.purged-';

/** Key under which a generation lists the sums of published skills that it took over after an edit. */
export const publishedKey = (skillId: string): string => `published/${skillId}`;

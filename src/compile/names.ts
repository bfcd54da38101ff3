/** Prefix of folders under generations/ that are no generation; recovery sweeps those of dead runs. */
export const STAGE_PREFIX = '.stage-';

/** A mirror that was moved out of the way carries its own name, so that a compile that died can be continued. */
export const ASIDE_PREFIX = 'mirror-';
export const flatName = (name: string): string => name.replaceAll('/', '~');
export const unflatName = (flat: string): string => flat.replaceAll('~', '/');

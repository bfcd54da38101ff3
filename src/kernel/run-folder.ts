import path from 'node:path';
import { randomId, sha256 } from './digest.ts';
import { attempt } from './disk-failure.ts';
import { factsOf, listNames } from './files.ts';
import { makeFolder } from './write-files.ts';
import { beforeTheEnd } from './last-words.ts';
import { removeFolder } from './move-files.ts';
import { hostName, isProcessAlive } from './process.ts';

/** No run of a program lasts longer; what is older belongs to a run that died on another host. */
const ABANDONED_AFTER_MS = 24 * 60 * 60 * 1000;

const NAME = /^run-([0-9a-f]{8})-([0-9]{1,10})-[0-9a-f-]{36}$/;

/**
 * Gives `use` a private folder (0700) below `parent` and removes it with all that is in it, also when this
 * process ends by a signal that can be caught. Folders of processes that were killed are removed on the way.
 */
export async function withRunFolder<T>(parent: string, use: (folder: string) => Promise<T>): Promise<T> {
  makeFolder(parent);
  sweep(parent);
  const folder = path.join(parent, `run-${host()}-${process.pid}-${randomId()}`);
  makeFolder(folder);
  const remove = (): void => void attempt(() => removeFolder(folder));
  const takeBack = beforeTheEnd(remove);
  try {
    return await use(folder);
  } finally {
    takeBack();
    remove();
  }
}

/** Homes can be shared: a process id says something about its own host only. */
const host = (): string => sha256(hostName()).slice(0, 8);

function sweep(parent: string): void {
  for (const name of listNames(parent)) {
    const [, owner, pid] = NAME.exec(name) ?? [];
    if (owner === undefined) continue;
    const folder = path.join(parent, name);
    const isDead = owner === host() ? !isProcessAlive(Number(pid)) : isOld(folder);
    if (isDead) attempt(() => removeFolder(folder));
  }
}

const isOld = (folder: string): boolean => Date.now() - (factsOf(folder)?.modifiedMs ?? 0) > ABANDONED_AFTER_MS;

import path from 'node:path';
import { real } from './fault-layer.ts';

/**
 * What a disk would still hold after a power cut: every file's bytes as of its last fsync, every
 * folder's entries as of its own last fsync. Beside that it knows how things stand now.
 *
 * It is a model and harsher than any file system with a journal: nothing that was not synced survives,
 * not even by luck, and each folder counts by itself.
 */

interface FileNode {
  kind: 'file';
  bytes: Buffer;
  durable: Buffer;
}

interface FolderNode {
  kind: 'folder';
  entries: Map<string, Node>;
  durable: Map<string, Node>;
}

type Node = FileNode | FolderNode;

/** `lost`: entries and bytes fall back to their last fsync. `hollow`: entries stay, bytes fall back. */
export type PowerCut = 'lost' | 'hollow';

export class PowerJournal {
  readonly #root: string;
  readonly #tree: FolderNode;
  readonly #open = new Map<number, { node: Node; position: number }>();

  /** Everything that lies below `root` counts as durable. */
  constructor(root: string) {
    this.#root = root;
    this.#tree = foldersAsTheyLie(root, new Map());
  }

  opened(fd: number, file: string): void {
    const node = this.#find(file);
    if (node) this.#open.set(fd, { node, position: 0 });
  }

  created(fd: number, file: string, truncated: boolean): void {
    const known = this.#find(file);
    const node: Node = known ?? { kind: 'file', bytes: Buffer.alloc(0), durable: Buffer.alloc(0) };
    if (!known) this.#parent(file).entries.set(path.basename(file), node);
    if (truncated && node.kind === 'file') node.bytes = Buffer.alloc(0);
    this.#open.set(fd, { node, position: 0 });
  }

  closed(fd: number): void {
    this.#open.delete(fd);
  }

  wrote(fd: number, part: Buffer, at: number | 'end' | null): void {
    const open = this.#open.get(fd);
    if (open?.node.kind !== 'file') return;
    const { node } = open;
    const start = at === 'end' ? node.bytes.length : (at ?? open.position);
    const bytes = Buffer.alloc(Math.max(node.bytes.length, start + part.length));
    node.bytes.copy(bytes);
    part.copy(bytes, start);
    node.bytes = bytes;
    if (at === null) open.position = start + part.length;
  }

  synced(fd: number): void {
    const node = this.#open.get(fd)?.node;
    if (node?.kind === 'file') node.durable = node.bytes;
    else if (node) node.durable = new Map(node.entries);
  }

  renamed(from: string, to: string): void {
    const node = this.#find(from);
    if (!node) throw new Error(`the journal does not know ${from}`);
    this.#parent(from).entries.delete(path.basename(from));
    this.#parent(to).entries.set(path.basename(to), node);
  }

  linked(from: string, to: string): void {
    const node = this.#find(from);
    if (node) this.#parent(to).entries.set(path.basename(to), node);
  }

  copied(from: string, to: string): void {
    const node = this.#find(from);
    const bytes = node?.kind === 'file' ? node.bytes : Buffer.alloc(0);
    this.#parent(to).entries.set(path.basename(to), { kind: 'file', bytes, durable: Buffer.alloc(0) });
  }

  removed(file: string): void {
    this.#parent(file).entries.delete(path.basename(file));
  }

  madeFolder(folder: string): void {
    this.#parent(folder).entries.set(path.basename(folder), { kind: 'folder', entries: new Map(), durable: new Map() });
  }

  truncated(file: string, length: number): void {
    const node = this.#find(file);
    if (node?.kind === 'file') node.bytes = node.bytes.subarray(0, length);
  }

  /** Whether the model knows what lies on the disk: a difference is a call that the layer has missed. */
  differences(): string[] {
    return differencesOf(this.#tree, this.#root);
  }

  /** Lays the folder as a power cut would have left it. */
  cut(how: PowerCut): void {
    lay(this.#tree, this.#root, how);
  }

  #find(file: string): Node | undefined {
    let node: Node | undefined = this.#tree;
    for (const part of this.#parts(file)) node = node?.kind === 'folder' ? node.entries.get(part) : undefined;
    return node;
  }

  #parent(file: string): FolderNode {
    const node = this.#find(path.dirname(file));
    if (node?.kind !== 'folder') throw new Error(`the journal does not know the folder of ${file}`);
    return node;
  }

  #parts(file: string): string[] {
    return path
      .relative(this.#root, file)
      .split(path.sep)
      .filter((part) => part !== '');
  }
}

/** Hard links share one node, as they share one inode. */
function foldersAsTheyLie(folder: string, inodes: Map<number, FileNode>): FolderNode {
  const entries = new Map<string, Node>();
  for (const entry of real.readdirSync(folder, { withFileTypes: true })) {
    const file = path.join(folder, entry.name);
    entries.set(entry.name, entry.isDirectory() ? foldersAsTheyLie(file, inodes) : fileAsItLies(file, inodes));
  }
  return { kind: 'folder', entries, durable: new Map(entries) };
}

function fileAsItLies(file: string, inodes: Map<number, FileNode>): FileNode {
  const { ino } = real.lstatSync(file);
  const bytes = real.readFileSync(file);
  const node = inodes.get(ino) ?? { kind: 'file', bytes, durable: bytes };
  inodes.set(ino, node);
  return node;
}

const kept = (node: FolderNode, how: PowerCut): Map<string, Node> => (how === 'lost' ? node.durable : node.entries);

/** Only what differs is written, so that the times of all else stay. */
function lay(node: FolderNode, folder: string, how: PowerCut): void {
  const entries = kept(node, how);
  for (const name of real.readdirSync(folder)) {
    if (!entries.has(name)) real.rmSync(path.join(folder, name), { recursive: true, force: true });
  }
  for (const [name, child] of entries) {
    const file = path.join(folder, name);
    const facts = real.lstatSync(file, { throwIfNoEntry: false });
    if (facts && facts.isDirectory() !== (child.kind === 'folder')) real.rmSync(file, { recursive: true });
    if (child.kind === 'folder') {
      real.mkdirSync(file, { recursive: true });
      lay(child, file, how);
    } else if (!real.lstatSync(file, { throwIfNoEntry: false }) || !real.readFileSync(file).equals(child.durable)) {
      real.rmSync(file, { force: true });
      real.writeFileSync(file, child.durable, { mode: 0o600 });
    }
  }
}

function differencesOf(node: FolderNode, folder: string): string[] {
  const names = new Set([...node.entries.keys(), ...real.readdirSync(folder)]);
  return [...names].flatMap((name) => {
    const file = path.join(folder, name);
    const child = node.entries.get(name);
    const facts = real.lstatSync(file, { throwIfNoEntry: false });
    if (!child || !facts) return [`${file}: ${child ? 'not on the disk' : 'not in the journal'}`];
    if (child.kind === 'folder') return facts.isDirectory() ? differencesOf(child, file) : [`${file}: no folder`];
    return real.readFileSync(file).equals(child.bytes) ? [] : [`${file}: other bytes`];
  });
}

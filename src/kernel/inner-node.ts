/**
 * A part of Node that is not its public interface: what a public module is made of, without the module, whose loading
 * costs a hook more than the work it is needed for. Whoever asks must do without it, and check what it gets.
 * @returns undefined when this Node gives none away
 */
export function innerNode(name: string): unknown {
  // Node warns of it under --pending-deprecation, on the stderr of a hook, and ends under --throw-deprecation.
  const before: unknown = Reflect.get(process, 'noDeprecation');
  Reflect.set(process, 'noDeprecation', true);
  try {
    const binding: unknown = Reflect.get(process, 'binding');
    return typeof binding === 'function' ? binding.call(process, name) : undefined;
  } catch {
    return undefined;
  } finally {
    Reflect.set(process, 'noDeprecation', before);
  }
}

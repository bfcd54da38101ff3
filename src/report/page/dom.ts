/** Elements without markup: every text goes in as a text node, so nothing that is shown can become anything else. */

export type Child = Node | string | null | false;
type Attributes = Record<string, string | number | boolean | null>;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes,
  ...children: Child[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', tag), attributes, children);
}

function filled<E extends Element>(made: E, attributes: Attributes, children: readonly Child[]): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === false) continue;
    made.setAttribute(name, value === true ? '' : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== false));
  return made;
}

/** A text that somebody else wrote: its direction is its own and reaches no further. */
export const said = (text: string): HTMLElement => element('bdi', { dir: 'auto' }, text);

export function button(label: string, attributes: Attributes, pressed: () => void): HTMLButtonElement {
  const made = element('button', { type: 'button', ...attributes }, label);
  made.addEventListener('click', pressed);
  return made;
}

/** `<details>` whose content is made when it is first opened. */
export function unfolding(summary: Child[], attributes: Attributes, content: () => Child[]): HTMLDetailsElement {
  const made = element('details', attributes, element('summary', {}, ...summary));
  const fill = (): void => void filled(made, {}, content());
  made.addEventListener('toggle', fill, { once: true });
  return made;
}

/** Puts separators between parts that are there. */
export function joined(parts: readonly Child[], separator = ' · '): Child[] {
  const present = parts.filter((part) => part !== null && part !== false && part !== '');
  return present.flatMap((part, index) => (index === 0 ? [part] : [separator, part]));
}

type Attributes = Readonly<Record<string, string | boolean | undefined>>;

/**
 * A new element. Text goes in as text nodes only, so nothing that a message says is ever read as HTML. `false` and `undefined`
 * attributes are left out.
 */
export function element<K extends keyof HTMLElementTagNameMap>(name: K, attributes: Attributes = {}, ...children: readonly (Node | string | undefined)[]): HTMLElementTagNameMap[K] {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined && value !== false) node.setAttribute(key, value === true ? '' : value);
  node.append(...children.filter((child) => child !== undefined));
  return node;
}

/** An element of page.html. */
export function byId<T extends HTMLElement>(id: string): T {
  const node = document.getElementById(id);
  if (node === null) throw new Error(`page.html has no #${id}`);
  return node as T;
}

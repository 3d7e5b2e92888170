/** Children that stay where what they show is the same: with them the focus, and what is unfolded. */
export class Keyed<Value> {
  readonly #place: Element;
  readonly #make: (value: Value) => HTMLElement;
  readonly #there = new Map<string, { readonly shown: string; readonly element: HTMLElement }>();

  constructor(place: Element, make: (value: Value) => HTMLElement) {
    this.#place = place;
    this.#make = make;
  }

  /** In this order; `key` tells them apart. */
  show(values: readonly Value[], key: (value: Value) => string): void {
    const wanted = new Set<string>();
    values.forEach((value, at) => {
      const name = key(value);
      wanted.add(name);
      const shown = JSON.stringify(value);
      let there = this.#there.get(name);
      if (there?.shown !== shown) {
        const element = this.#make(value);
        if (there !== undefined) replace(there.element, element);
        there = { shown, element };
        this.#there.set(name, there);
      }
      const standing = this.#place.children[at];
      if (standing !== there.element) this.#place.insertBefore(there.element, standing ?? null);
    });
    for (const [name, { element }] of this.#there) {
      if (wanted.has(name)) continue;
      element.remove();
      this.#there.delete(name);
    }
  }
}

function replace(old: HTMLElement, fresh: HTMLElement): void {
  const folds = fresh.querySelectorAll("details");
  old.querySelectorAll("details").forEach(({ open }, at) => {
    const fold = folds[at];
    if (fold !== undefined) fold.open = open;
  });
  const buttons = [...old.querySelectorAll("button, summary")];
  const focused = buttons.indexOf(document.activeElement ?? old);
  old.replaceWith(fresh);
  if (focused >= 0) {
    fresh.querySelectorAll<HTMLElement>("button, summary")[focused]?.focus();
  }
}

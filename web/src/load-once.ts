/** Loads something once for everyone who asks; a load that failed is tried again. */
export class LoadOnce<T, Arguments extends readonly unknown[] = []> {
  readonly #load: (...args: Arguments) => Promise<T>;
  #loading: Promise<T> | null = null;

  constructor(load: (...args: Arguments) => Promise<T>) {
    this.#load = load;
  }

  get(...args: Arguments): Promise<T> {
    if (this.#loading === null) {
      const loading = this.#load(...args);
      this.#loading = loading;
      loading.catch(() => {
        this.#loading = null;
      });
    }
    return this.#loading;
  }
}

/** Loads something once for everyone who asks; a load that failed is tried again. */
export class LoadOnce<T> {
  readonly #load: () => Promise<T>;
  #loading: Promise<T> | null = null;

  constructor(load: () => Promise<T>) {
    this.#load = load;
  }

  get(): Promise<T> {
    if (this.#loading === null) {
      const loading = this.#load();
      this.#loading = loading;
      loading.catch(() => {
        this.#loading = null;
      });
    }
    return this.#loading;
  }
}

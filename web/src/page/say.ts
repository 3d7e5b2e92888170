import type { Snapshot } from "../contract/core-module.js";

/** A message of the reader's own, published on the run's channel: it comes down on every lane. */
export class Say {
  readonly #form: HTMLFormElement;
  readonly #input: HTMLInputElement;
  readonly #server: () => string;
  #channel = "";

  constructor(form: HTMLFormElement, input: HTMLInputElement, server: () => string) {
    this.#form = form;
    this.#input = input;
    this.#server = server;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#publish();
    });
  }

  set shown(shown: boolean) {
    this.#form.hidden = !shown;
  }

  follow({ channel }: Snapshot): void {
    this.#channel = channel;
  }

  async #publish(): Promise<void> {
    const text = this.#input.value.trim();
    if (text === "" || this.#channel === "") return;
    const url = `${this.#server()}/api/channels/${this.#channel}/messages`;
    const answer = await fetch(url, { method: "POST", body: text }).catch(() => null);
    if (answer?.ok === true) this.#input.value = "";
    this.#input.setCustomValidity(answer?.ok === true ? "" : "The server did not take it.");
    this.#input.reportValidity();
  }
}

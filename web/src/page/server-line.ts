import { setText } from "../element/dom.js";
import { serverFromText } from "./page-settings.js";
import { part } from "./part.js";

/** Where live runs go when that is not the page's own server: a line that says so, and a field. */
export class ServerLine {
  readonly #form = part("server", HTMLFormElement);
  readonly #words = part("server-words", HTMLElement);
  readonly #field = part("server-address", HTMLInputElement);
  #own = true;

  /** `chosen` gets an address as the link has it; "" is the page's own server. */
  constructor(chosen: (server: string) => void) {
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      const server = serverFromText(this.#field.value);
      const fits = server !== "" || (this.#own && this.#field.value.trim() === "");
      this.#field.setCustomValidity(fits ? "" : "An address such as http://localhost:8088");
      if (this.#form.reportValidity()) chosen(server);
    });
    this.#field.addEventListener("input", () => {
      this.#field.setCustomValidity("");
    });
  }

  /** `own` is whether the page has a server of its own. */
  show(server: string, own: boolean): void {
    this.#own = own;
    this.#form.hidden = own && server === "";
    if (this.#form.hidden) return;
    setText(
      this.#words,
      server === ""
        ? "There is no playground server at this address, so runs are simulated."
        : `Live runs go to the server at ${server.replace(/^https?:\/\//, "")}.`,
    );
    if (document.activeElement !== this.#field && server !== "") this.#field.value = server;
  }

  /** A live run is wanted, and there is no server for it. */
  ask(): void {
    this.#field.focus();
  }
}

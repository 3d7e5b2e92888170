import { toClipboard } from "./embed-snippet.js";

/** Copies the page's address, in which everything that was chosen stands. */
export function copyLinkButton(button: HTMLButtonElement): void {
  const label = button.textContent;
  button.addEventListener("click", () => {
    void toClipboard(location.href).then((copied) => {
      button.textContent = copied ? "Copied" : "It is in the address bar";
      setTimeout(() => {
        button.textContent = label;
      }, 2000);
    });
  });
}

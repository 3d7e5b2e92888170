import { make } from "../element/dom.js";

/**
 * A button that copies a text, made when it is pressed, and says how that went; `otherwise` does what
 * else can be done where there is no clipboard, and answers what the button says then.
 */
export function copyTextButton(
  button: HTMLButtonElement,
  text: () => string,
  otherwise = (): string => "No clipboard here",
): void {
  const label = button.textContent;
  button.addEventListener("click", () => {
    void copyText(text()).then((copied) => {
      button.textContent = copied ? "Copied" : otherwise();
      setTimeout(() => {
        button.textContent = label;
      }, 2000);
    });
  });
}

/** A new button that does that. */
export function makeCopyButton(id: string, label: string, text: () => string): HTMLButtonElement {
  const button = make("button", "button", label);
  button.type = "button";
  button.id = id;
  copyTextButton(button, text);
  return button;
}

/** The clipboard is there only on https and localhost; elsewhere an older way may still work. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = make("textarea", "copied-from");
  area.value = text;
  document.body.append(area);
  area.select();
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- the only way without https
  const copied = document.execCommand("copy");
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return copied;
}

/** Hands a file to the reader. */
export function saveFile(name: string, content: Blob): void {
  const link = make("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => {
    URL.revokeObjectURL(link.href);
  }, 10_000);
}

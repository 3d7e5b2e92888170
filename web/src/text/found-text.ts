import { pairs } from "./pairs.js";

/** What a check has found of a path, as far as "Which one?" asks for it. */
export interface Found {
  /** Of the server that was asked; "" where that is not known. */
  readonly host: string;
  readonly buffering: boolean;
  readonly noUpgrade: boolean;
  /** Seconds of silence after which a connection is cut; null where none is known. */
  readonly idleS: number | null;
}

/** For a link: "host=example.org buffering no-upgrade idle=60". */
export function foundText({ host, buffering, noUpgrade, idleS }: Found): string {
  const words = [
    ...(host === "" ? [] : [`host=${host}`]),
    ...(buffering ? ["buffering"] : []),
    ...(noUpgrade ? ["no-upgrade"] : []),
    ...(idleS === null ? [] : [`idle=${idleS}`]),
  ];
  return words.length > 0 ? words.join(" ") : "clean";
}

/** null where the text says nothing; what it says besides is left out. */
export function foundFromText(text: string): Found | null {
  if (text.trim() === "") return null;
  const said = new Map(pairs(text));
  const idle = said.get("idle");
  return {
    host: String(said.get("host") ?? "").slice(0, 255),
    buffering: said.has("buffering"),
    noUpgrade: said.has("no-upgrade"),
    idleS: typeof idle === "number" && idle >= 1 && idle <= 3600 ? idle : null,
  };
}

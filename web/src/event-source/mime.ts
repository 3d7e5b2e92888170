const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/**
 * The essence ("text/html") of the MIME type that `Content-Type` names, as "extract a MIME type"
 * (WHATWG Fetch 2.2.4) has it; null where there is none. Of several headers, which `Headers` joins
 * with commas, the last valid one counts.
 */
export function essenceOf(contentType: string | null): string | null {
  let essence: string | null = null;
  for (const value of splitAtCommas(contentType ?? "")) {
    const parsed = parseEssence(value);
    if (parsed !== null && parsed !== "*/*") essence = parsed;
  }
  return essence;
}

/** A comma between quotation marks belongs to its parameter. */
function splitAtCommas(text: string): string[] {
  return text.match(/(?:"(?:\\[^]|[^"\\])*(?:"|\\?$)|[^",])+/g) ?? [];
}

/** WHATWG MIME Sniffing 4.4; what follows the essence cannot make it invalid. */
function parseEssence(text: string): string | null {
  const [essence = ""] = text.split(";", 1);
  const [type = "", subtype = "", ...rest] = essence
    .replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, "")
    .split("/");
  if (rest.length > 0 || !TOKEN.test(type) || !TOKEN.test(subtype)) return null;
  return `${type}/${subtype}`.toLowerCase();
}

import type {
  CheckFinding,
  CheckRemedy,
  CheckReport,
  CheckSeverity,
} from "../contract/check-report.js";
import { make, makeButton, richText, setText } from "../element/dom.js";
import { copyTextButton } from "../page/copying.js";
import { Keyed } from "./keyed.js";

/** Who, in the words of the report as Markdown (core/check/words.cc). */
const WHO: Readonly<Record<CheckRemedy["who"], string>> = {
  reader: "you",
  application: "the application",
  operator: "who runs the proxy",
};

const MARKS: Readonly<Record<CheckSeverity, readonly [mark: string, words: string]>> = {
  trouble: ["!", "Trouble"],
  unknown: ["?", "Not known"],
  note: ["i", "Note"],
  good: ["✓", "Good"],
};

/** Findings that say the same of several transports. */
interface Shown {
  readonly findings: readonly [CheckFinding, ...CheckFinding[]];
  /** The title where its lines for who runs the proxy stand already. */
  readonly sameAs: string;
}

/** Trouble first and whole; what could not be told, with its reason; the rest put away. */
export class FindingsView {
  readonly #about: HTMLElement;
  readonly #trouble: Keyed<Shown>;
  readonly #unknown: Keyed<CheckFinding>;
  readonly #notes: Keyed<CheckFinding>;
  readonly #good: Keyed<CheckFinding>;
  readonly #groups: Readonly<Record<"unknown" | "notes" | "good", Group>>;
  readonly #nothing = make("p", "nothing");
  /** Whether the reader has folded or unfolded it. */
  #touched = false;

  constructor(place: HTMLElement, about: HTMLElement) {
    this.#about = about;
    const trouble = make("div", "findings");
    this.#groups = {
      unknown: new Group("unknown", "Could not be told"),
      notes: new Group("note", "Good to know"),
      good: new Group("good", "Nothing else in the way"),
    };
    const { unknown, notes, good } = this.#groups;
    this.#trouble = new Keyed(trouble, troubleCard);
    this.#unknown = new Keyed(unknown.list, line);
    this.#notes = new Keyed(notes.list, line);
    this.#good = new Keyed(good.list, line);
    good.element.addEventListener("click", () => {
      this.#touched = true;
    });
    place.replaceChildren(this.#nothing, trouble, unknown.element, notes.element, good.element);
  }

  show({ findings, state }: CheckReport): void {
    const of = (severity: CheckSeverity): CheckFinding[] =>
      findings.filter((each) => each.severity === severity);
    const [trouble, unknown, notes, good] = [of("trouble"), of("unknown"), of("note"), of("good")];
    const groups = grouped(trouble);
    this.#trouble.show(groups, ({ findings: [finding] }) => keyOf(finding));
    this.#unknown.show(unknown, keyOf);
    this.#notes.show(notes, keyOf);
    this.#good.show(good, keyOf);
    this.#groups.unknown.count(unknown.length);
    this.#groups.notes.count(notes.length);
    this.#groups.good.count(
      good.length,
      trouble.length > 0
        ? "Nothing else in the way"
        : state === "running"
          ? "As it should be so far"
          : "As it should be",
    );
    // Where there is no trouble that is what there is to read.
    if (!this.#touched) this.#groups.good.element.open = trouble.length === 0;
    this.#nothing.hidden = findings.length > 0;
    setText(
      this.#nothing,
      state === "running"
        ? "The first findings come with the first answers."
        : "Nothing was found out.",
    );
    setText(
      this.#about,
      groups.length === 0
        ? "each with what showed it"
        : `${groups.length === 1 ? "one thing" : `${groups.length} things`} in the way`,
    );
  }

  /** For another check. */
  clear(): void {
    this.#touched = false;
  }
}

class Group {
  readonly list = make("ul", "finding-list");
  readonly element: HTMLDetailsElement;
  readonly #title: HTMLElement;
  readonly #count = make("span", "quiet");

  constructor(severity: CheckSeverity, title: string) {
    this.#title = make("span", "group-title", title);
    this.element = make(
      "details",
      "finding-group",
      make("summary", "", mark(severity), this.#title, " ", this.#count),
      this.list,
    );
    this.element.open = severity === "unknown";
    this.element.dataset["severity"] = severity;
    this.list.setAttribute("role", "list");
  }

  count(count: number, title = this.#title.textContent): void {
    this.element.hidden = count === 0;
    setText(this.#title, title);
    setText(this.#count, String(count));
  }
}

function grouped(trouble: readonly CheckFinding[]): readonly Shown[] {
  const groups = new Map<string, [CheckFinding, ...CheckFinding[]]>();
  for (const finding of trouble) {
    const { code, seen, meaning, remedies } = finding;
    const key = JSON.stringify([code, seen, meaning, remedies]);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [finding]);
    else group.push(finding);
  }
  const first = new Map<string, string>();
  return [...groups.values()].map((findings) => {
    const [{ remedies, title }] = findings;
    const lines = JSON.stringify(remedies.filter(({ who }) => who === "operator"));
    const sameAs = first.get(lines) ?? "";
    if (lines !== "[]" && sameAs === "") first.set(lines, title);
    return { findings, sameAs };
  });
}

function keyOf({ code, transport, title }: CheckFinding): string {
  return `${code} ${transport ?? ""} ${code === "could-not-tell" || code === "fits" ? title : ""}`;
}

function mark(severity: CheckSeverity): HTMLElement {
  const [text, words] = MARKS[severity];
  const element = make("span", `severity is-${severity}`, text);
  element.setAttribute("role", "img");
  element.ariaLabel = words;
  return element;
}

function line({ title, seen, meaning, severity }: CheckFinding): HTMLElement {
  return make(
    "li",
    `is-${severity}`,
    make(
      "strong",
      "",
      title.replace(/^Could not tell (.)/, (_, first: string) => first.toUpperCase()),
    ),
    " ",
    make("span", "quiet", meaning === undefined ? seen : `${seen} ${meaning}`),
  );
}

function troubleCard({ findings, sameAs }: Shown): HTMLElement {
  const [{ code, seen, meaning, remedies }] = findings;
  const operator = remedies.filter(({ who }) => who === "operator");
  const own = remedies.filter(({ who }) => who !== "operator");
  const list = make("dl", "remedies");
  for (const each of own) list.append(...remedyRow(WHO[each.who], each));
  if (sameAs !== "" && operator.length > 0) {
    list.append(make("dt", "", WHO.operator), make("dd", "", `the same as for “${sameAs}”`));
  } else if (operator.length > 2) {
    const names = operator.map(({ software }) => software ?? "").join(", ");
    const all = make("dl", "remedies of-software");
    for (const each of operator) all.append(...remedyRow(each.software ?? "", each));
    list.append(
      make("dt", "", WHO.operator),
      make(
        "dd",
        "",
        make("details", "software", make("summary", "", `has a line to change in ${names}`), all),
      ),
    );
  } else {
    for (const each of operator) {
      const who = each.software === undefined ? WHO.operator : `${WHO.operator}, ${each.software}`;
      list.append(...remedyRow(who, each));
    }
  }
  const card = make(
    "article",
    "finding",
    mark("trouble"),
    make(
      "div",
      "finding-words",
      ...findings.map(({ title }) => make("h3", "", title)),
      make("p", "", seen),
      ...(meaning === undefined ? [] : [make("p", "quiet", meaning)]),
      ...(remedies.length === 0 ? [] : [list]),
    ),
  );
  card.dataset["code"] = code;
  card.dataset["transports"] = findings.map(({ transport }) => transport ?? "").join(" ");
  return card;
}

function remedyRow(who: string, { text, code, tried }: CheckRemedy): HTMLElement[] {
  const what = make("dd", "");
  if (code !== undefined) {
    const button = makeButton("button copy", () => undefined, "Copy");
    button.ariaLabel = `Copy ${code.split("\n")[0] ?? ""}`;
    copyTextButton(button, () => code);
    const lines = make("code", "", code);
    lines.tabIndex = 0;
    what.append(make("span", "copied-code", lines, button));
  }
  what.append(make("span", "", ...richText(text)));
  if (tried === true) what.append(" ", make("span", "tried", "tried: it works here"));
  return [make("dt", "", who), what];
}

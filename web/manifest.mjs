// The custom elements manifest (schema 2.1.0), for editors and documentation, made from what the
// sources say about the element.
import { readFileSync } from "node:fs";
import ts from "typescript";

const TAG = "transport-playground";

function parse(name) {
  const path = new URL(`src/element/${name}.ts`, import.meta.url);
  return ts.createSourceFile(name, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
}

function declared(source, name) {
  const found = source.statements.find((statement) => statement.name?.text === name);
  if (found === undefined) throw new Error(`${source.fileName}.ts has no ${name}`);
  return found;
}

/** The first paragraph of its comment. */
function description(node) {
  const text = ts
    .getJSDocCommentsAndTags(node)
    .filter(ts.isJSDoc)
    .map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "")
    .join(" ")
    .split("\n\n", 1)[0]
    .replace(/\s+/g, " ");
  return text === "" ? {} : { description: text };
}

function type(node) {
  return node === undefined ? {} : { type: { text: node.getText().replace(/\s+/g, " ") } };
}

function accessors() {
  return declared(parse("options"), "PlaygroundProperties").members.filter(ts.isGetAccessor);
}

/** The options; that null and undefined take one back is said once, in the README. */
function fields() {
  return accessors().map((node) => ({
    kind: "field",
    name: node.name.text,
    attribute: node.name.text,
    reflects: true,
    ...description(node),
    ...type(node.type),
  }));
}

function attributes() {
  return accessors().map((node) => ({
    name: node.name.text,
    fieldName: node.name.text,
    ...description(node),
    ...type(node.type),
  }));
}

function events() {
  const members = declared(parse("events"), "TransportPlaygroundEventMap").members;
  return members.map((node) => ({
    name: node.name.text,
    ...type(node.type),
    ...description(node),
  }));
}

const LIFE =
  /^(constructor|define|connectedCallback|disconnectedCallback|attributeChangedCallback)$/;

/** Methods, and properties that can only be read. */
function members() {
  const ours = declared(parse("element"), "TransportPlayground").members.filter(
    (node) =>
      (ts.isMethodDeclaration(node) || ts.isGetAccessor(node)) &&
      ts.isIdentifier(node.name) &&
      !LIFE.test(node.name.text),
  );
  return ours.map((node) => {
    const common = { name: node.name.text, ...description(node) };
    if (ts.isGetAccessor(node)) {
      return { kind: "field", ...common, readonly: true, ...type(node.type) };
    }
    const parameters = node.parameters.map((each) => ({
      name: each.name.getText(),
      ...type(each.type),
    }));
    return { kind: "method", ...common, parameters, return: type(node.type) };
  });
}

export function manifest() {
  const element = declared(parse("element"), "TransportPlayground");
  const path = `dist/${TAG}.js`;
  return {
    schemaVersion: "2.1.0",
    modules: [
      {
        kind: "javascript-module",
        path,
        declarations: [
          {
            kind: "class",
            customElement: true,
            name: element.name.text,
            tagName: TAG,
            ...description(element),
            superclass: { name: "HTMLElement" },
            attributes: attributes(),
            members: [...fields(), ...members()],
            events: events(),
            slots: [{ name: "invitation", description: "Words in the bar until it is started." }],
          },
        ],
        exports: [
          { kind: "js", name: element.name.text, declaration: { name: element.name.text } },
          {
            kind: "custom-element-definition",
            name: TAG,
            declaration: { name: element.name.text },
          },
        ],
      },
    ],
  };
}

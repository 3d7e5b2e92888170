// docs/openapi.json, flat enough for a page; its words are Markdown, and HTML here.
import { readFileSync } from "node:fs";

import { createMarkdownRenderer } from "vitepress";

import { repositoryFile } from "./built";

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description: string;
}

interface Operation {
  readonly summary: string;
  readonly tags: readonly [string];
  readonly parameters?: readonly ({ readonly $ref: string } | Parameter)[];
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface OpenApi {
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly parameters: Readonly<Record<string, Parameter>> };
}

interface Group {
  readonly id: string;
  readonly title: string;
  readonly operations: readonly {
    readonly id: string;
    readonly method: string;
    readonly path: string;
    readonly summary: string;
    readonly parameters: readonly Parameter[];
    readonly answers: readonly { readonly status: string; readonly description: string }[];
  }[];
}

declare const data: readonly Group[];
export { data };

const file = repositoryFile("docs/openapi.json");
const slug = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]+/g, "-");

export default {
  watch: [file],
  async load(): Promise<readonly Group[]> {
    const markdown = await createMarkdownRenderer(".");
    const html = (text: string): string => markdown.renderInline(text);
    const api = JSON.parse(readFileSync(file, "utf8")) as OpenApi;
    const parameter = (each: { $ref: string } | Parameter): Parameter => {
      const found =
        "$ref" in each ? api.components.parameters[each.$ref.replace(/.*\//, "")] : each;
      if (found === undefined) throw new Error(`openapi.json has no ${JSON.stringify(each)}`);
      return { ...found, description: html(found.description) };
    };
    const operations = Object.entries(api.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        id: slug(`${method}${path}`).replace(/-$/, ""),
        method: method.toUpperCase(),
        path,
        tag: operation.tags[0],
        summary: html(operation.summary),
        parameters: (operation.parameters ?? []).map(parameter),
        answers: Object.entries(operation.responses).map(([status, { description }]) => ({
          status,
          description: html(description),
        })),
      })),
    );
    return api.tags.map(({ name }) => ({
      id: slug(name),
      title: name,
      operations: operations.filter(({ tag }) => tag === name),
    }));
  },
};

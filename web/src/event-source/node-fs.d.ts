/** As much of Node.js as `event-source-node.ts` needs. */
declare module "node:fs" {
  export function readFileSync(file: URL): Uint8Array<ArrayBuffer>;
}

import { once } from "node:events";

/**
 * Has a server listen on a port that is free, and answers which.
 * @param {import("node:net").Server} server
 */
export async function listening(server) {
  server.listen(0, "localhost");
  await once(server, "listening");
  return /** @type {import("node:net").AddressInfo} */ (server.address()).port;
}

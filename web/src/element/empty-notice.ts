import type { Notice } from "./notice-view.js";

/** Over the lanes of an element that has not been started. */
export function emptyNotice(lanes: number): Notice {
  const word = ["Two", "Three", "Four", "Five", "Six"][lanes - 2];
  return {
    title:
      word === undefined
        ? "One transport carries a stream"
        : `${word} transports carry the same stream`,
    text: [
      "Press Start and see when each message was sent and arrived.",
      "The pale picture is a sketch.",
    ],
    action: "Start",
  };
}

// What stands in front of a server, and what it does to a connection: the page's facts.
import { HOSTS, type Host, type Limits } from "../../../web/src/page/facts";
import { sourceOf, type Source } from "./sources";

interface HostRow {
  readonly title: string;
  readonly streamIdle: string;
  readonly socketIdle: string;
  readonly lifetime: string;
  readonly sources: readonly Source[];
}

declare const data: readonly HostRow[];
export { data };

function duration(seconds: number | undefined): string {
  if (seconds === undefined) return "–";
  if (seconds >= 7200) return `${seconds / 3600} h`;
  return seconds > 120 ? `${seconds / 60} min` : `${seconds} s`;
}

function lifetime(streams: Limits, sockets: Limits): string {
  const [stream, socket] = [duration(streams.lifetimeS), duration(sockets.lifetimeS)];
  return stream === socket ? stream : `${stream}; WebSocket ${socket}`;
}

function row({ title, streams, sockets, answers }: Host): HostRow {
  return {
    title: title.replace(/ \(.*/, ""),
    streamIdle: duration(streams.idleS),
    socketIdle: duration(sockets.idleS),
    lifetime: lifetime(streams, sockets),
    sources: [...new Set([streams.fact, sockets.fact, answers.fact])].map(sourceOf),
  };
}

export default {
  load: (): readonly HostRow[] =>
    Object.values(HOSTS).flatMap((host) => (host === null ? [] : [row(host)])),
};

// What no run can measure: the page's facts (web/src/page/facts.ts), and those of standards and
// articles that only the guide speaks of.
import { FACTS, HOSTS, type Host, type Limits } from "../../../web/src/page/facts";
import { SOURCES } from "./sources";

interface Fact {
  readonly source: string;
  readonly address: string;
  readonly read?: string;
}

interface HostRow {
  readonly title: string;
  readonly streamIdle: string;
  readonly socketIdle: string;
  readonly lifetime: string;
  readonly facts: readonly string[];
}

interface Facts {
  readonly all: Readonly<Record<string, Fact>>;
  readonly hosts: readonly HostRow[];
}

declare const data: Facts;
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
    facts: [...new Set([streams.fact, sockets.fact, answers.fact])],
  };
}

export default {
  load: (): Facts => ({
    all: { ...FACTS, ...SOURCES },
    hosts: Object.values(HOSTS).flatMap((host) => (host === null ? [] : [row(host)])),
  }),
};

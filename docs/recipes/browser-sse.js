// The browser reconnects by itself and says with Last-Event-ID where it was. What it does not notice
// is a stream that is open but silent: the watch does.
const SILENT_MS = 40_000;

/**
 * @param {string} address
 * @param {(text: string, id: string) => void} received
 * @returns {() => void} ends it
 */
export function follow(address, received) {
  let [source, watch, last] = [null, 0, ""];
  const listen = () => {
    clearTimeout(watch);
    watch = setTimeout(connect, SILENT_MS);
  };
  const connect = () => {
    source?.close();
    const url = new URL(address, location.href);
    if (last !== "") url.searchParams.set("after", last);
    source = new EventSource(url);
    source.onopen = listen;
    source.onmessage = ({ data, lastEventId }) => {
      listen();
      last = lastEventId;
      received(data, lastEventId);
    };
    source.onerror = () => {
      // CLOSED is for good (a status other than 200): begin again, but not at once.
      if (source.readyState === EventSource.CLOSED) {
        clearTimeout(watch);
        watch = setTimeout(connect, 1000 + 4000 * Math.random());
      }
    };
    listen();
  };
  connect();
  return () => {
    clearTimeout(watch);
    source.close();
  };
}

// A WebSocket does not reconnect or keep its place in the stream: this does both. `send` waits for
// nothing and returns whether the text went out.

/**
 * @param {string} address ws: or wss:, or a path of this page's origin
 * @param {(text: string, id: number) => void} received
 */
export function follow(address, received) {
  let [socket, timer, last, pause, ended] = [null, 0, 0, 500, false];

  function connect() {
    const url = new URL(address, location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("after", last);
    socket = new WebSocket(url);
    // Neither open nor failed: a proxy may have swallowed the Upgrade.
    timer = setTimeout(() => socket.close(), 10_000);
    socket.onopen = () => clearTimeout(timer);
    socket.onmessage = ({ data }) => {
      const { id, text } = JSON.parse(data);
      [last, pause] = [id, 500];
      received(text, id);
    };
    socket.onclose = () => {
      clearTimeout(timer);
      if (ended) return;
      timer = setTimeout(connect, pause * Math.random());
      pause = Math.min(2 * pause, 10_000);
    };
  }
  connect();
  return {
    /** @param {string} text */
    send(text) {
      if (socket.readyState !== WebSocket.OPEN) return false;
      socket.send(text);
      return true;
    },
    end() {
      ended = true;
      clearTimeout(timer);
      socket.close();
    },
  };
}

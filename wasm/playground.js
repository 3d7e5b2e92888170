// Goes into the glue of a core, after Emscripten's own part: `Core` of web/src/contract/core-module.ts,
// made of the functions of exports.cc. Nothing newer than ES2020: Emscripten reads it.
{
  const encoder = new TextEncoder();
  const decoder = new TextDecoder();
  const call = (name, ...args) => Module["_core_" + name](...args);
  const give = (text) => {
    const bytes = encoder.encode(text);
    const at = call("give", bytes.length);
    HEAPU8.set(bytes, at);
  };
  const textAt = ([at, size]) => decoder.decode(HEAPU8.subarray(at, at + size));
  const answered = (name, ...args) => {
    call(name, ...args);
    return textAt([call("answer"), call("answer_size")]);
  };

  /** Where each `Playground` is in the core's memory, until it is deleted. */
  const places = new WeakMap();
  const at = (playground) => {
    const place = places.get(playground);
    if (place === undefined) throw new Error("This playground has been deleted.");
    return place;
  };
  /** Who wants the answer about the wire, by a playground's place. */
  const asking = new Map();
  Module["wireAnswered"] = (place, status, body, lane) => {
    asking.get(place)(status, textAt(body), textAt(lane));
  };

  Module["version"] = () => answered("version");
  Module["Playground"] = class {
    constructor() {
      places.set(this, call("make"));
    }
    delete() {
      const place = at(this);
      places.delete(this);
      asking.delete(place);
      call("delete", place);
    }
    start(settings) {
      const place = at(this);
      give(settings);
      return answered("start", place);
    }
    stop() {
      call("stop", at(this));
    }
    addFault(fault) {
      const place = at(this);
      give(fault);
      return answered("add_fault", place);
    }
    liftFault(number) {
      return call("lift_fault", at(this), number) !== 0;
    }
    liftFaults() {
      call("lift_faults", at(this));
    }
    now() {
      return call("now", at(this));
    }
    startedAt() {
      return call("started_at", at(this));
    }
    setSpeed(factor) {
      call("set_speed", at(this), factor);
    }
    step() {
      call("step", at(this));
    }
    snapshot() {
      return answered("snapshot", at(this));
    }
    sendText(endpoint, text) {
      const place = at(this);
      give(text);
      return answered("send_text", place, endpoint);
    }
    draw(...frame) {
      const place = at(this);
      const list = call("draw", place, ...frame);
      return new Float32Array(HEAPU8.buffer, list, call("drawn", place));
    }
    texts() {
      return JSON.parse(answered("texts", at(this)));
    }
    pick(...point) {
      return answered("pick", at(this), ...point);
    }
    neighbour(...step) {
      return answered("neighbour", at(this), ...step);
    }
    choose(lane, seq) {
      call("choose", at(this), lane, seq);
    }
    askWire(lane, seq, callback) {
      const place = at(this);
      asking.set(place, callback);
      return call("ask_wire", place, lane, seq) !== 0;
    }
  };
}

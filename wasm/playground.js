// `Core` of web/src/contract/core-module.ts, made of the functions of exports.cc, after texts.js.
{
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

  Module["version"] = () => answered("core_version");
  Module["Playground"] = class {
    constructor() {
      places.set(this, call("core_make"));
    }
    delete() {
      const place = at(this);
      places.delete(this);
      asking.delete(place);
      call("core_delete", place);
    }
    start(settings) {
      const place = at(this);
      give(settings);
      return answered("core_start", place);
    }
    stop() {
      call("core_stop", at(this));
    }
    addFault(fault) {
      const place = at(this);
      give(fault);
      return answered("core_add_fault", place);
    }
    liftFault(number) {
      return call("core_lift_fault", at(this), number) !== 0;
    }
    liftFaults() {
      call("core_lift_faults", at(this));
    }
    now() {
      return call("core_now", at(this));
    }
    startedAt() {
      return call("core_started_at", at(this));
    }
    setSpeed(factor) {
      call("core_set_speed", at(this), factor);
    }
    step() {
      call("core_step", at(this));
    }
    setServer(number, runs) {
      call("core_set_server", at(this), number, runs);
    }
    snapshot() {
      return answered("core_snapshot", at(this));
    }
    sendText(endpoint, text) {
      const place = at(this);
      give(text);
      return answered("core_send_text", place, endpoint);
    }
    draw(...frame) {
      const place = at(this);
      const list = call("core_draw", place, ...frame);
      return new Float32Array(HEAPU8.buffer, list, call("core_drawn", place));
    }
    texts() {
      return JSON.parse(answered("core_texts", at(this)));
    }
    pick(...point) {
      return answered("core_pick", at(this), ...point);
    }
    neighbour(...step) {
      return answered("core_neighbour", at(this), ...step);
    }
    choose(lane, seq) {
      call("core_choose", at(this), lane, seq);
    }
    askWire(lane, seq, callback) {
      const place = at(this);
      asking.set(place, callback);
      return call("core_ask_wire", place, lane, seq) !== 0;
    }
  };
}

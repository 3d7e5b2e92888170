// Goes into a glue, after Emscripten's own part and before what calls its functions. Nothing newer than
// ES2020: Emscripten reads it.
const decoder = new TextDecoder();
const call = (name, ...args) => Module["_" + name](...args);
const give = (text) => {
  const bytes = new TextEncoder().encode(text);
  const at = call("text_give", bytes.length);
  HEAPU8.set(bytes, at);
};
const textAt = ([at, size]) => decoder.decode(HEAPU8.subarray(at, at + size));
/** What a function answers with a text. */
const answered = (name, ...args) => {
  call(name, ...args);
  return textAt([call("text_answer"), call("text_answer_size")]);
};

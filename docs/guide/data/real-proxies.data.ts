// What real proxies do, as tests/proxies has found it.
import found from "./real-proxies.json";

type Found = typeof found;

declare const data: Found;
export { data };

export default {
  load: (): Found => found,
};

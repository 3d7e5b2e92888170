/** `<transport-playground>` in the JSX of React 19: `import "transport-playground/react";` */
import type { DetailedHTMLProps, HTMLAttributes } from "react";

import type {
  PlaygroundAttributes,
  TransportPlayground,
  TransportPlaygroundEventMap,
} from "./transport-playground.js";

type Own = PlaygroundAttributes & {
  [
    Name in keyof TransportPlaygroundEventMap as Name extends `playground-${string}`
      ? `on${Name}`
      : never
  ]?: (event: TransportPlaygroundEventMap[Name]) => void;
};

declare module "react" {
  namespace JSX {
    interface IntrinsicElements {
      "transport-playground": Omit<
        DetailedHTMLProps<HTMLAttributes<TransportPlayground>, TransportPlayground>,
        keyof Own
      > &
        Own;
    }
  }
}

/** The theme as a canvas needs it: colours worked out, by role: the transports, then `DrawRole`. */
export interface Palette {
  readonly colours: readonly string[];
  /** What stands behind a text, so that it stays legible over lines. */
  readonly halo: string;
  readonly font: string;
  readonly fontStrong: string;
}

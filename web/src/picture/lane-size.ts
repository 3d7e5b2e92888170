/** A canvas in CSS pixels, and device pixels in one of them. */
export interface LaneSize {
  readonly width: number;
  readonly height: number;
  readonly scale: number;
}

import jsQR from "jsqr";

/**
 * What a reader reads from a QR code, with a margin of four modules around it.
 *
 * @param {string[]} rows `1` is dark
 */
export function readQr(rows) {
  const [scale, margin] = [4, 4];
  const side = scale * (rows.length + 2 * margin);
  const pixels = new Uint8ClampedArray(4 * side * side).fill(255);
  for (let y = 0; y < side; ++y) {
    for (let x = 0; x < side; ++x) {
      const module = rows[Math.floor(y / scale) - margin]?.[Math.floor(x / scale) - margin];
      if (module === "1") pixels.fill(0, 4 * (y * side + x), 4 * (y * side + x) + 3);
    }
  }
  return jsQR.default(pixels, side, side)?.data;
}

// Closed forms for one and two features, for data that the reader makes; the tests hold them against the library.

const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);

// What is left of a pull when a limit has been taken from it: 0 within it.
const soft = (pull, limit) => (Math.abs(pull) <= limit ? 0 : pull - Math.sign(pull) * limit);

// The minimum over w of ½(g11 w1² + 2 g12 w1 w2 + g22 w2²) − c1 w1 − c2 w2 + l1(|w1| + |w2|) + l2(w1² + w2²):
// the combination of signs that keeps what it assumes, or the best of one coefficient alone, which is a minimum, too,
// where the features are multiples of each other.
function solveTwo([g11, g12, g22], [c1, c2], l1, l2) {
  const a = g11 + 2 * l2, b = g22 + 2 * l2, deep = a * b - g12 * g12;
  const objective = ([u, v]) => 0.5 * (a * u * u + 2 * g12 * u * v + b * v * v) - c1 * u - c2 * v + l1 * (Math.abs(u) + Math.abs(v));
  const found = [[0, 0], [a > 0 ? soft(c1, l1) / a : 0, 0], [0, b > 0 ? soft(c2, l1) / b : 0]];
  for (const s of deep > 0 ? [-1, 1] : []) {
    for (const t of [-1, 1]) {
      const p = c1 - s * l1, q = c2 - t * l1, u = (p * b - q * g12) / deep, v = (q * a - p * g12) / deep;
      if (u * s > 0 && v * t > 0) return [u, v];
    }
  }
  return found.reduce((best, w) => (objective(w) < objective(best) ? w : best));
}

// Lines of equal height about the minimum m of a bowl ½(w − m)ᵀG(w − m), each so much above it, cut at the edges of a plane.
function contours(at, [g11, g12, g22], [m1, m2], rises) {
  const id = `cut${document.querySelectorAll("clipPath").length}`;
  draw(draw(at.svg, "clipPath", { id }), "rect", { x: at.left, y: at.top, width: at.right - at.left, height: at.bottom - at.top });
  const inside = { ...at, svg: draw(at.svg, "g", { "clip-path": `url(#${id})` }) };
  // With G = LLᵀ the line is m + √(2 rise) L⁻ᵀu, u on the unit circle.
  const a = Math.sqrt(g11), b = g12 / a, c = Math.sqrt(g22 - b * b);
  for (const rise of rises) {
    curve(inside, "faint")(Array.from({ length: 121 }, (_, k) => {
      const angle = (k * Math.PI) / 60, size = Math.sqrt(2 * rise), v = (size * Math.sin(angle)) / c;
      return [m1 + (size * Math.cos(angle) - b * v) / a, m2 + v];
    }));
  }
}

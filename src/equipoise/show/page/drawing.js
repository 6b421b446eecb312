// Pictures: scales, axes.

function picture(holder, width, height, label) {
  return draw(byId(holder), "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
}

const linear = (low, high, from, to) => {
  const span = high - low || 1;
  return (x) => from + ((x - low) / span) * (to - from);
};

function ticks(low, high, about) {
  const raw = (high - low || 1) / about, size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * size).find((s) => s >= raw);
  const out = [];
  for (let k = Math.ceil(low / step); k * step <= high + 1e-9 * step; k++) out.push(k * step);
  return out;
}

function axisY(svg, scale, low, high, left, right, text = (value) => number(value, 4)) {
  const axis = draw(svg, "g", { class: "axis" });
  for (const value of ticks(low, high, 5)) {
    draw(axis, "line", { x1: left, x2: right, y1: scale(value), y2: scale(value) });
    draw(axis, "text", { x: left - 6, y: scale(value) + 4, "text-anchor": "end" }, text(value));
  }
}

// Labels one above the other, in order, at least `gap` apart and between two heights.
function spread(heights, gap, top, bottom) {
  const order = heights.map((_, k) => k).sort((a, b) => heights[a] - heights[b]);
  const out = heights.slice();
  let y = top;
  for (const k of order) { out[k] = Math.max(out[k], y); y = out[k] + gap; }
  y = bottom;
  for (const k of order.reverse()) { out[k] = Math.min(out[k], y); y = out[k] - gap; }
  return out;
}

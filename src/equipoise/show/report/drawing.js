// Pictures: scales, axes.

function picture(holder, width, height, label) {
  return draw(byId(holder), "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
}

const linear = (low, high, from, to) => {
  const span = high - low || 1;
  return (x) => from + ((x - low) / span) * (to - from);
};

// Where a strength stands: its logarithm, the strongest on the left; 0 stands one step beyond the last.
const positive = data.strengths.filter((t) => t > 0);
const logs = data.strengths.map((t) => -Math.log10(t > 0 ? t : (positive.at(-1) ?? 1) / 2));
const byStrength = (from, to) => linear(logs[0], logs[m - 1], from, to);

function ticks(low, high, about) {
  const raw = (high - low || 1) / about, size = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((k) => k * size).find((s) => s >= raw);
  const out = [];
  for (let k = Math.ceil(low / step); k * step <= high + 1e-9 * step; k++) out.push(k * step);
  return out;
}

function axisY(svg, scale, low, high, left, right) {
  const axis = draw(svg, "g", { class: "axis" });
  for (const value of ticks(low, high, 5)) {
    draw(axis, "line", { x1: left, x2: right, y1: scale(value), y2: scale(value) });
    draw(axis, "text", { x: left - 6, y: scale(value) + 4, "text-anchor": "end" }, number(value, 4));
  }
}

function axisStrength(svg, scale, y) {
  const axis = draw(svg, "g", { class: "axis" });
  draw(axis, "line", { x1: scale(logs[0]), x2: scale(logs[m - 1]), y1: y, y2: y });
  const low = -logs[m - 1], high = -logs[0], whole = [];
  for (let k = Math.ceil(low); k <= high; k++) whole.push(k);
  const shown = whole.length >= 2 ? whole.map((k) => 10 ** k) : [data.strengths[0], positive.at(-1) ?? 0];
  for (const t of new Set(shown)) {
    const x = scale(t > 0 ? -Math.log10(t) : logs[m - 1]);
    draw(axis, "line", { x1: x, x2: x, y1: y, y2: y + 5 });
    draw(axis, "text", { x, y: y + 17, "text-anchor": "middle" }, number(t, 3));
  }
  const middle = (scale(logs[0]) + scale(logs[m - 1])) / 2;
  draw(axis, "text", { x: middle, y: y + 33, "text-anchor": "middle" }, `${data.strength_name} (log scale, weaker →)`);
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

// A click or drag on a chart over the strengths moves the slider.
function followPointer(svg, scale) {
  const move = (event) => {
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    let best = 0;
    for (let i = 1; i < m; i++) {
      if (Math.abs(scale(logs[i]) - point.x) < Math.abs(scale(logs[best]) - point.x)) best = i;
    }
    goTo(best);
  };
  svg.addEventListener("pointerdown", move);
  svg.addEventListener("pointermove", (event) => { if (event.buttons) move(event); });
}

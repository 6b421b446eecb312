// The axis over the strengths of a path.

// Where a strength stands: its logarithm, the strongest on the left; 0 stands one step beyond the last.
const positive = data.strengths.filter((t) => t > 0);
const logs = data.strengths.map((t) => -Math.log10(t > 0 ? t : (positive.at(-1) ?? 1) / 2));
const byStrength = (from, to) => linear(logs[0], logs[m - 1], from, to);

function axisStrength(svg, scale, y) {
  const axis = draw(svg, "g", { class: "axis" });
  draw(axis, "line", { x1: scale(logs[0]), x2: scale(logs[m - 1]), y1: y, y2: y });
  const low = -logs[m - 1], high = -logs[0], whole = [];
  for (let k = Math.ceil(low); k <= high; k++) whole.push(k);
  const shown = whole.length >= 2 ? whole.map((k) => 10 ** k) : [data.strengths[0], positive.at(-1) ?? 0];
  let last = -Infinity;
  for (const t of [...new Set(shown)].sort((a, b) => b - a)) {
    const x = scale(t > 0 ? -Math.log10(t) : logs[m - 1]);
    if (x - last < 34) continue; // no room for its number
    last = x;
    draw(axis, "line", { x1: x, x2: x, y1: y, y2: y + 5 });
    draw(axis, "text", { x, y: y + 17, "text-anchor": "middle" }, number(t, 3));
  }
  const middle = (scale(logs[0]) + scale(logs[m - 1])) / 2;
  draw(axis, "text", { x: middle, y: y + 33, "text-anchor": "middle" }, `${data.strength_name} (log scale, weaker →)`);
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

// Curves over the strength: the coefficients, and the held-out loss.

const NAMED = 10; // curves with a colour and a label
const FRAME = { width: 620, left: 62, right: 500, top: 22 };

function verticals(svg, scale, bottom) {
  // Two choices may share a strength, or stand too close for names side by side.
  const places = [...new Set(data.choices.map((choice) => choice.index))].sort((a, b) => a - b);
  const crowded = places.length === 2 && scale(logs[places[1]]) - scale(logs[places[0]]) < 60;
  places.forEach((index, k) => {
    const at = scale(logs[index]), name = data.choices.filter((c) => c.index === index).map((c) => c.name).join(" = ");
    draw(svg, "line", { class: "choice", x1: at, x2: at, y1: FRAME.top, y2: bottom });
    const anchor = !crowded ? "middle" : k === 0 ? "end" : "start";
    draw(svg, "text", { class: "quiet", x: at, y: FRAME.top - 8, "text-anchor": anchor }, name);
  });
  const marker = draw(svg, "line", { class: "marker", y1: FRAME.top, y2: bottom });
  return () => {
    const at = scale(logs[state.now]);
    marker.setAttribute("x1", at);
    marker.setAttribute("x2", at);
    return at;
  };
}

function drawPath() {
  const height = 330, bottom = height - 42, { width, left, right, top } = FRAME;
  const svg = picture("path", width, height, "Coefficients over the strength; the table has the numbers");
  const size = (i, j) => coefAt(i, j) * (data.unit_of ? data.unit_of[j] : 1);
  let low = 0, high = 0;
  for (const j of data.ever) {
    for (let i = 0; i < m; i++) { low = Math.min(low, size(i, j)); high = Math.max(high, size(i, j)); }
  }
  const x = byStrength(left, right), y = linear(low, high, bottom - 4, top + 4);
  axisY(svg, y, low, high, left, right);
  axisStrength(svg, x, bottom);
  byId("path-unit").textContent = data.unit_of ? "coefficient × standard deviation" : "in original units";
  const weight = (j) => Math.abs(size(data.chosen, j)) * 1e6 + Math.abs(size(m - 1, j));
  const order = data.ever.slice().sort((a, b) => weight(b) - weight(a));
  const curves = order.map((j, k) => ({ j, rank: k })).reverse().map(({ j, rank }) => {
    const points = logs.map((t, i) => `${x(t).toFixed(1)},${y(size(i, j)).toFixed(1)}`).join(" ");
    const name = rank < NAMED ? `curve named c${rank % 6}` : "curve";
    const curve = draw(svg, "polyline", { class: name, points });
    draw(curve, "title", {}, data.features[j]);
    curve.addEventListener("click", () => select(j));
    return { j, name, curve };
  });
  const named = order.slice(0, NAMED), ends = named.map((j) => y(size(m - 1, j)));
  const heights = spread(ends, 14, top, bottom);
  named.forEach((j, k) => {
    draw(svg, "polyline", { class: `leader c${k % 6}`, points: `${right + 2},${ends[k]} ${right + 14},${heights[k]}` });
    draw(svg, "text", { x: right + 17, y: heights[k] + 4 }, shorten(data.features[j], 14));
  });
  const move = verticals(svg, x, bottom);
  followPointer(svg, x);
  listeners.push(() => {
    move();
    for (const { j, name, curve } of curves) curve.setAttribute("class", j === state.selected ? `${name} chosen` : name);
  });
}

function drawLoss() {
  if (!data.cv) return;
  byId("cv-section").hidden = false;
  byId("cv-loss").textContent = data.cv.loss;
  const height = 250, bottom = height - 42, { width, left, right, top } = FRAME;
  const { mean, standard_error: error } = data.cv, banded = error.some((e) => e !== null);
  byId("cv-band").hidden = !banded;
  const told = banded ? ", with one standard error" : "";
  const svg = picture("cv", width, height, `Mean loss of rows held out over the strength${told}`);
  const known = mean.map((_, i) => i).filter((i) => mean[i] !== null);
  const spreadOf = (i) => error[i] ?? 0;
  const low = Math.min(...known.map((i) => mean[i] - spreadOf(i))), high = Math.max(...known.map((i) => mean[i] + spreadOf(i)));
  const x = byStrength(left, right), y = linear(low, high, bottom - 4, top + 4);
  axisY(svg, y, low, high, left, right);
  axisStrength(svg, x, bottom);
  const along = (sign) => known.map((i) => `${x(logs[i])},${y(mean[i] + sign * spreadOf(i))}`);
  if (banded) draw(svg, "polygon", { class: "band", points: [...along(1), ...along(-1).reverse()].join(" ") });
  draw(svg, "polyline", { class: "mean", points: along(0).join(" ") });
  const move = verticals(svg, x, bottom), now = draw(svg, "circle", { class: "now", r: 5 });
  followPointer(svg, x);
  listeners.push(() => {
    now.setAttribute("cx", move());
    const here = mean[state.now];
    now.setAttribute("visibility", here === null ? "hidden" : "visible");
    if (here !== null) now.setAttribute("cy", y(here));
  });
}

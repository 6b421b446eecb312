// Curves over the strength: the coefficients, and the held-out loss.

const NAMED = 10; // curves with a colour, a stroke and a label
const looks = { best: "c0 d1", "one-SE": "c2 d3" }; // as in the library's other pictures

// Colour and stroke of the curve at a place, counted from 0: either alone tells it.
const lookOf = (place) => `c${place % 7} d${place % 4}`;

// A coefficient as it is drawn.
const sizeAt = (i, j) => coefAt(i, j) * (data.unit_of ? data.unit_of[j] : 1);

function curveFrame(holder, height, title) {
  const width = chartWidth(), left = width < 500 ? 46 : 62, names = data.ranked.slice(0, NAMED).map((j) => widthOf(data.features[j]));
  const room = Math.min(0.3 * width, Math.max(24, ...names));
  const svg = picture(holder, width, height, title);
  return { svg, width, left, right: width - room - 22, top: 22, bottom: height - 42, room };
}

function verticals(svg, scale, { top, bottom }) {
  // Two choices may share a strength, or stand too close for names side by side.
  const places = [...new Set(data.choices.map((choice) => choice.index))].sort((a, b) => a - b);
  const crowded = places.length === 2 && scale(logs[places[1]]) - scale(logs[places[0]]) < 60;
  places.forEach((index, k) => {
    const own = data.choices.filter((c) => c.index === index), at = scale(logs[index]), name = own.map((c) => c.name).join(" = ");
    draw(svg, "line", { class: `choice ${looks[own[0].name] ?? "d3"}`, x1: at, x2: at, y1: top, y2: bottom });
    const anchor = !crowded ? "middle" : k === 0 ? "end" : "start", half = widthOf(name) / 2;
    const x = !crowded ? Math.max(half, Math.min(svg.viewBox.baseVal.width - half, at)) : at;
    draw(svg, "text", { class: "quiet", x, y: top - 8, "text-anchor": anchor }, name);
  });
  const marker = draw(svg, "line", { class: "marker", y1: top, y2: bottom });
  return () => {
    const at = scale(logs[state.now]);
    marker.setAttribute("x1", at);
    marker.setAttribute("x2", at);
    return at;
  };
}

function drawPath() {
  const named = data.ranked.slice(0, NAMED), size = sizeAt;
  const frame = curveFrame("path", 330, "Coefficients over the strength; the table has the numbers"), { svg, left, right, top, bottom } = frame;
  let low = 0, high = 0;
  for (const j of data.ever) {
    for (let i = 0; i < m; i++) { low = Math.min(low, size(i, j)); high = Math.max(high, size(i, j)); }
  }
  const x = byStrength(left, right), y = linear(low, high, bottom - 4, top + 4);
  axisY(svg, y, low, high, left, right);
  axisStrength(svg, x, bottom);
  byId("path-unit").textContent = data.path_unit;
  const curves = data.ranked.map((j, k) => ({ j, rank: k })).reverse().map(({ j, rank }) => {
    const points = logs.map((t, i) => `${x(t).toFixed(1)},${y(size(i, j)).toFixed(1)}`).join(" ");
    const name = rank < NAMED ? `curve named ${lookOf(rank)}` : "curve";
    const curve = draw(svg, "polyline", { class: name, points });
    draw(curve, "title", {}, data.features[j]);
    curve.addEventListener("click", () => select(j));
    return { j, name, curve };
  });
  const ends = named.map((j) => y(size(m - 1, j))), heights = spread(ends, 14, top, bottom);
  named.forEach((j, k) => {
    draw(svg, "polyline", { class: `joint ${lookOf(k)}`, points: `${right + 1},${ends[k]} ${right + 4},${ends[k]} ${right + 12},${heights[k]} ${right + 17},${heights[k]}` });
    label(svg, data.features[j], frame.room, { x: right + 20, y: heights[k] + 4 }).addEventListener("click", () => select(j));
  });
  const move = verticals(svg, x, frame);
  followPointer(svg, x);
  return () => {
    move();
    for (const { j, name, curve } of curves) change(curve, "class", j === state.selected ? `${name} chosen` : name);
  };
}

function drawLoss() {
  if (!data.cv) return () => {};
  byId("cv-section").hidden = false;
  byId("cv-loss").textContent = data.cv.loss;
  const { mean, standard_error: error } = data.cv, banded = error.some((e) => e !== null);
  byId("cv-band").hidden = !banded;
  const told = banded ? ", with one standard error" : "";
  const frame = curveFrame("cv", 250, `Mean loss of rows held out over the strength${told}`), { svg, left, right, top, bottom } = frame;
  const known = mean.map((_, i) => i).filter((i) => mean[i] !== null);
  const spreadOf = (i) => error[i] ?? 0;
  const low = Math.min(...known.map((i) => mean[i] - spreadOf(i))), high = Math.max(...known.map((i) => mean[i] + spreadOf(i)));
  const x = byStrength(left, right), y = linear(low, high, bottom - 4, top + 4);
  axisY(svg, y, low, high, left, right);
  axisStrength(svg, x, bottom);
  const along = (sign) => known.map((i) => `${x(logs[i])},${y(mean[i] + sign * spreadOf(i))}`);
  if (banded) draw(svg, "polygon", { class: "band", points: [...along(1), ...along(-1).reverse()].join(" ") });
  draw(svg, "polyline", { class: "mean", points: along(0).join(" ") });
  const move = verticals(svg, x, frame), now = draw(svg, "circle", { class: "now", r: 5 });
  followPointer(svg, x);
  return () => {
    now.setAttribute("cx", move());
    const here = mean[state.now];
    now.setAttribute("visibility", here === null ? "hidden" : "visible");
    if (here !== null) now.setAttribute("cy", y(here));
  };
}

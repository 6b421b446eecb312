// Pulls against the dead zone: a feature inside it is zero, one in the model touches its border.

const ROWS = 40; // features up to which each has a line of its own
const BEYOND = 1.35; // a bound can hold a pull outside the zone: it is drawn no further out than this

function drawPulls() {
  const inZone = [...Array(q).keys()].filter((j) => data.l1[j] !== null && data.l1[j] + data.l2[j] > 0);
  const lines = q <= ROWS;
  const width = 620, top = 26, height = lines ? top + 22 * q + 30 : 560, bottom = height - 30;
  const left = lines ? 150 : 125, right = lines ? width - 24 : width - 125;
  const svg = picture("pulls", width, height, "Each feature's pull as a share of its limit; the table has the numbers");
  const edge = data.verdict.includes("1") ? BEYOND + 0.08 : 1.08; // 1: at a bound
  const x = linear(-edge, edge, left, right);
  const place = (j) => x(Math.max(-BEYOND, Math.min(BEYOND, shareAt(state.now, j))));
  const y = (j) => (lines ? top + 22 * (j + 0.5) : linear(0, q - 1, top + 8, bottom - 8)(j));
  const zone = inZone.some((j) => data.l1[j] > 0);
  if (zone) draw(svg, "rect", { class: "zone", x: x(-1), y: top, width: x(1) - x(-1), height: bottom - top });
  for (const [at, name] of [[-1, "border"], [0, "zero"], [1, "border"]]) {
    draw(svg, "line", { class: name, x1: x(at), x2: x(at), y1: top, y2: bottom });
    const text = at === 0 ? "0" : `${at < 0 ? "−" : "+"}limit`;
    draw(svg, "text", { class: "quiet", x: x(at), y: bottom + 16, "text-anchor": "middle" }, text);
  }
  const caption = zone ? "dead zone: the penalty holds every pull in here, and the coefficient is 0" : "no dead zone: without an l1 nothing is killed";
  draw(svg, "text", { class: "quiet", x: x(0), y: top - 10, "text-anchor": "middle" }, caption);
  const labels = draw(svg, "g"), marks = lines ? [...Array(q).keys()] : inZone;
  const rows = marks.map((j) => {
    const row = draw(svg, "g", { class: "spot" });
    let stem = null;
    if (lines) {
      stem = draw(row, "line", { class: "stem", x1: x(0), y1: y(j), y2: y(j) });
      draw(row, "text", { x: left - 14, y: y(j) + 4, "text-anchor": "end" }, shorten(data.features[j], 16));
    }
    const dot = draw(row, "circle", { cy: y(j), r: lines ? 6 : 3.5 });
    draw(row, "title", {}, data.features[j]);
    row.addEventListener("click", () => select(j));
    return { j, row, stem, dot };
  });
  const kinds = { "at bound": "bound", unpenalised: "free" };
  listeners.push(() => {
    for (const { j, row, stem, dot } of rows) {
      const status = verdictAt(state.now, j)[0], alive = aliveAt(state.now, j);
      const kind = kinds[status] ?? (alive ? "alive" : "");
      change(dot, "class", `dot ${kind} ${j === state.selected ? "chosen" : ""}`);
      change(dot, "cx", place(j).toFixed(2));
      if (stem) {
        change(row, "class", `row ${alive ? "alive" : ""}`);
        stem.setAttribute("x2", place(j));
        stem.setAttribute("class", `stem ${alive ? "alive" : ""}`);
      } else {
        change(dot, "r", String(j === state.selected ? 7 : alive ? 5 : 3));
      }
    }
    const outside = marks.filter((j) => Math.abs(shareAt(state.now, j)) > BEYOND).length;
    byId("pulls-hint").textContent =
      "Pull ÷ limit. ○ zero: inside. ● in the model: the pull has reached the limit and is balanced there." +
      (outside ? ` ${counted(outside, "feature")} at the edge: only a bound holds a pull like that.` : "");
    if (!lines) nameTheAlive(labels, inZone, place, y, [x(-1), x(1)], [top, bottom]);
  });
}

// Beside a cloud of dots: the names of those in the model, as many as fit, the largest first.
function nameTheAlive(labels, features, place, y, [low, high], [top, bottom]) {
  labels.replaceChildren();
  for (const side of [-1, 1]) {
    let alive = features.filter((j) => aliveAt(state.now, j) && Math.sign(pullAt(state.now, j)) === side);
    const room = Math.floor((bottom - top) / 14), size = (j) => Math.abs(coefAt(state.now, j)) * (data.l1[j] || 1);
    const all = alive.length;
    alive = alive.sort((a, b) => size(b) - size(a)).slice(0, room - (all > room ? 1 : 0)).sort((a, b) => a - b);
    const heights = spread(alive.map(y), 14, top + 6, bottom - 6 - (all > room ? 14 : 0));
    const edge = side < 0 ? low - 22 : high + 22, anchor = side < 0 ? "end" : "start";
    alive.forEach((j, k) => {
      draw(labels, "polyline", { class: "leader", points: `${place(j)},${y(j)} ${edge - side * 4},${heights[k]}` });
      draw(labels, "text", { x: edge, y: heights[k] + 4, "text-anchor": anchor }, shorten(data.features[j], 15));
    });
    if (all > room) draw(labels, "text", { class: "quiet", x: edge, y: bottom, "text-anchor": anchor }, `and ${all - alive.length} more`);
  }
}

// Pulls against the dead zone: a feature inside it is zero, one in the model touches its border.
// A hollow mark is the pull alone, an arrow leads from there to the pull that the others leave.

const ROWS = 40; // features up to which each has a line of its own
const ARROWS = 20; // arrows drawn where there are more
const ROOM = 2.5; // limits up to which the axis is linear, and the room that more of them take
const kinds = { "at bound": "bound", unpenalised: "free" };

function aloneAt(i, j) {
  const limit = limitAt(i, j);
  return limit > 0 ? alone[j] / limit : 0;
}

// The axis at the present strength: one limit either way is the dead zone; outside it is logarithmic if pulls reach far.
function axisOf(features, pulled, left, right) {
  let low = 1, high = 1;
  for (const share of [...features.map((j) => shareAt(state.now, j)), ...pulled.map((j) => aloneAt(state.now, j))]) {
    low = Math.max(low, -share);
    high = Math.max(high, share);
  }
  const outside = (share, most) => (most <= ROOM || share <= 1 ? share : 1 + ((ROOM - 1) * Math.log(share)) / Math.log(most));
  const across = linear(-Math.min(low, ROOM) - 0.07, Math.min(high, ROOM) + 0.07, left, right);
  const x = (share) => across(share < 0 ? -outside(-share, low) : outside(share, high));
  return { x, low, high, folded: Math.max(low, high) > ROOM };
}

function drawPulls() {
  for (const [status, kind] of Object.entries(kinds)) {
    byId(`key-${kind}`).hidden = !data.verdicts.some(([name], code) => name === status && data.verdict.includes(String(code)));
  }
  const inZone = [...Array(q).keys()].filter((j) => data.l1[j] !== null && data.l1[j] + data.l2[j] > 0);
  const marks = q <= ROWS ? [...Array(q).keys()] : inZone;
  const frame = pullsFrame(marks, inZone.some((j) => data.l1[j] > 0), inZone);
  const { svg, y, left, right } = frame, lines = q <= ROWS;
  const ground = draw(svg, "g"), labels = draw(svg, "g"), arrows = draw(svg, "g");
  const rows = marks.map((j) => {
    const row = draw(svg, "g", { class: lines ? "row" : "spot" });
    if (lines) {
      draw(row, "rect", { class: "hit", x: 0, y: y(j) - 11, width: frame.width, height: 22 });
      label(row, data.features[j], left - 18, { x: left - 12, y: y(j) + 4, "text-anchor": "end" }, "600");
    }
    const dot = draw(row, "rect");
    draw(row, "title", {}, data.features[j]);
    row.addEventListener("click", () => select(j));
    return { j, row, dot };
  });
  return () => {
    const pulled = lines ? inZone : largest(inZone), axis = axisOf(inZone, pulled, left, right);
    const place = (j) => axis.x(shareAt(state.now, j)), start = (j) => axis.x(aloneAt(state.now, j));
    drawGround(ground, axis, frame);
    arrows.replaceChildren();
    for (const j of pulled) drawArrow(arrows, start(j), place(j), y(j), lines ? 6 : 5, aliveAt(state.now, j));
    for (const { j, row, dot } of rows) {
      const status = verdictAt(state.now, j)[0], alive = aliveAt(state.now, j), chosen = j === state.selected;
      const kind = kinds[status] ?? (alive ? "alive" : "killed");
      const size = lines ? 6 : chosen ? 7 : alive ? 5 : 2.75;
      mark(dot, `${kind}${chosen ? " chosen" : ""}`, place(j), y(j), size);
      if (lines) change(row, "class", `row ${alive ? "alive" : ""}`);
    }
    if (!lines) nameTheAlive(labels, pulled, inZone, (j) => [place(j), start(j)], frame);
  };
}

// The sizes of the picture, and what stands where in it.
function pullsFrame(marks, zone, inZone) {
  const lines = q <= ROWS, width = chartWidth(), top = 28, height = lines ? top + 22 * q + 34 : 570, bottom = height - 34;
  const longest = Math.min(0.4 * width, marks.reduce((most, j) => Math.max(most, widthOf(data.features[j], "600")), 30));
  const aside = Math.min(longest, 0.24 * width) + 30;
  const below = (j) => { for (let i = 0; i < m; i++) if (aliveAt(i, j) && pullAt(i, j) < 0) return true; return false; };
  const left = lines ? longest + 24 : data.ever.some((j) => inZone.includes(j) && below(j)) ? aside : 16;
  const svg = picture("pulls", width, height, "Each feature's pull as a share of its limit, alone and beside the model; the table has the numbers");
  const y = lines ? (j) => top + 22 * (j + 0.5) : linear(0, q - 1, top + 8, bottom - 8);
  return { svg, y, left, right: lines ? width - 14 : width - aside, top, bottom, width, aside, zone };
}

// The dead zone, and the axis with as many marks as there is room for.
function drawGround(ground, { x, low, high, folded }, { left, right, top, bottom, width, zone }) {
  ground.replaceChildren();
  if (zone) draw(ground, "rect", { class: "zone", x: x(-1), y: top, width: x(1) - x(-1), height: bottom - top });
  const ticks = [[-1, "border"], [0, "zero"], [1, "border"]];
  for (const [side, most] of [[-1, low], [1, high]]) {
    let last = x(side);
    for (let k = 1; k <= 12; k++) {
      const far = [2, 5, 10][(k - 1) % 3] * 10 ** Math.floor((k - 1) / 3), at = x(side * far);
      if (far > most || Math.abs(at - last) < 38) continue;
      ticks.push([side * far, "beyond"]);
      last = at;
    }
  }
  for (const [at, name] of ticks) {
    draw(ground, "line", { class: name, x1: x(at), x2: x(at), y1: top, y2: bottom });
    const text = at === 0 ? "0" : `${at < 0 ? "−" : ""}${Math.abs(at) === 1 ? "" : Math.abs(at)}${Math.abs(at) === 1 ? "limit" : "×"}`;
    draw(ground, "text", { class: "quiet", x: x(at), y: bottom + 15, "text-anchor": "middle" }, text);
  }
  const unit = `pull ÷ limit${folded ? ", logarithmic outside the dead zone" : ""}`, half = widthOf(unit) / 2;
  const middle = Math.max(half, Math.min(width - half, (left + right) / 2));
  draw(ground, "text", { class: "quiet", x: middle, y: bottom + 30, "text-anchor": "middle" }, unit);
  draw(ground, "text", { class: "quiet", x: x(0), y: top - 8, "text-anchor": "middle" }, zone ? "dead zone" : "no dead zone: without an l1 nothing is killed");
}

// From the pull alone to the pull that the others leave.
function drawArrow(parent, from, to, y, r, alive) {
  const way = Math.sign(to - from), tip = to - way * (r + 1.5), tail = from + way * 4;
  if ((tip - tail) * way > 6) {
    const head = `M${(tip - way * 6).toFixed(1)} ${y - 3.2}L${tip.toFixed(1)} ${y}L${(tip - way * 6).toFixed(1)} ${y + 3.2}z`;
    draw(parent, "path", { class: `arrow${alive ? " alive" : ""}`, d: `M${tail.toFixed(1)} ${y}H${(tip - way * 5).toFixed(1)}${head}` });
  }
  draw(parent, "circle", { class: "alone", cx: from.toFixed(2), cy: y, r: 4 });
}

// Of many features in the model those with the largest coefficients, and the one that is selected.
function largest(features) {
  const size = (j) => Math.abs(coefAt(state.now, j)) * (data.l1[j] || 1);
  const found = features.filter((j) => aliveAt(state.now, j)).sort((a, b) => size(b) - size(a)).slice(0, ARROWS);
  if (state.selected !== null && features.includes(state.selected) && !found.includes(state.selected)) found.push(state.selected);
  return found;
}

// Beside a cloud of marks: the names of those with an arrow, and how many more are in the model.
function nameTheAlive(labels, named, features, ends, { y, left, right, aside, top, bottom }) {
  labels.replaceChildren();
  for (const side of [-1, 1]) {
    if (side < 0 && left < aside) continue;
    const own = named.filter((j) => Math.sign(pullAt(state.now, j)) === side).sort((a, b) => a - b);
    const all = features.filter((j) => aliveAt(state.now, j) && Math.sign(pullAt(state.now, j)) === side).length;
    const more = all - own.filter((j) => aliveAt(state.now, j)).length;
    const heights = spread(own.map(y), 14, top + 6, bottom - 6 - (more > 0 ? 14 : 0));
    const edge = side < 0 ? left - 12 : right + 12, anchor = side < 0 ? "end" : "start";
    own.forEach((j, k) => {
      const from = side < 0 ? Math.min(...ends(j)) : Math.max(...ends(j));
      draw(labels, "polyline", { class: "leader", points: `${from + side * 6},${y(j)} ${edge - side * 12},${y(j)} ${edge - side * 3},${heights[k]}` });
      label(labels, data.features[j], aside - 14, { x: edge, y: heights[k] + 4, "text-anchor": anchor });
    });
    if (more > 0) draw(labels, "text", { class: "quiet", x: edge, y: bottom, "text-anchor": anchor }, `and ${more} more`);
  }
}

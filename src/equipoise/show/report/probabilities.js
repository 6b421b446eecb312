// Pictures of probabilities: how they sort the rows, and whether they agree with what happened.

// A frame from 0 to 1 both ways, with the line on which both sides are the same.
function squareFrame(holder, title, across, upwards) {
  const width = chartWidth(), height = 330, left = 62, right = width - 14, top = 14, bottom = height - 48;
  const svg = picture(holder, width, height, title);
  const x = linear(0, 1, left, right), y = linear(0, 1, bottom, top), axis = draw(svg, "g", { class: "axis" });
  axisY(svg, y, 0, 1, left, right);
  for (const value of ticks(0, 1, 5)) draw(axis, "text", { x: x(value), y: bottom + 17, "text-anchor": "middle" }, number(value, 4));
  draw(axis, "text", { x: (left + right) / 2, y: bottom + 36, "text-anchor": "middle" }, across);
  const middle = (top + bottom) / 2;
  draw(axis, "text", { x: 16, y: middle, "text-anchor": "middle", transform: `rotate(-90 16 ${middle})` }, upwards);
  draw(svg, "line", { class: "choice d1", x1: x(0), y1: y(0), x2: x(1), y2: y(1) });
  return { svg, x, y };
}

function drawProbabilities() {
  const found = data.probabilities;
  if (!found) return;
  byId("probabilities").hidden = false;
  byId("probabilities-rows").textContent = found.rows;
  byId("probabilities-told").textContent = found.told;
  byId("roc-area").textContent = found.area === null ? "" : `area ${number(found.area, 4)}, 0.5 for guessing`;
  const roc = squareFrame("roc", "ROC curve: events found over false alarms", "1 − specificity: false alarms", `sensitivity: ${found.event} found`);
  draw(roc.svg, "polyline", { class: "mean", points: found.true_rate.map((t, k) => `${roc.x(found.false_rate[k])},${roc.y(t)}`).join(" ") });
  const { svg, x, y } = squareFrame("calibration", "Calibration: share of events over mean probability", `mean probability of ${found.event}`, `share with ${found.event}`);
  found.predicted.forEach((p, k) => {
    draw(svg, "line", { class: "interval", x1: x(p), x2: x(p), y1: y(found.low[k]), y2: y(found.high[k]) });
    const dot = draw(svg, "circle", { class: "now", cx: x(p), cy: y(found.observed[k]), r: 5 });
    draw(dot, "title", {}, `mean probability ${number(p, 3)}; ${found.event} in ${number(100 * found.observed[k], 3)} % of ${number(found.weight[k])}`);
  });
}

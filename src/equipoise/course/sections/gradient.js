section(1, (page, data) => {
  const columns = [0, 1].map((j) => data.X.map((row) => row[j]));
  const lossOf = (w) => 0.5 * data.y.reduce((sum, y, i) => sum + (y - dot(data.X[i], w)) ** 2, 0);
  const slopeOf = (w, j) => -dot(columns[j], data.y.map((y, i) => y - dot(data.X[i], w)));
  const steps = (low, high) => Array.from({ length: 141 }, (_, k) => low + ((high - low) * k) / 140);

  // ---- one weight ------------------------------------------------------------------------------

  const line = plane(at(page, "line"), {
    x: [-0.5, 6.5], y: [0, 12], height: 300, names: ["the weight w", "loss L(w)"], label: "The loss over one weight, a point on it, and its tangent",
    caption: "Blue: the loss. Dashed: its tangent at the point. The small steps: 1 to the right, the slope up or down.",
  });
  const alone = (w) => lossOf([w, 0]);
  curve(line, "data")(steps(-0.5, 5.7).map((w) => [w, alone(w)]));
  const tangent = curve(line, "penalty"), run = arrow(line.svg, "faint"), rise = arrow(line.svg, "total");
  const rose = draw(line.svg, "text", { class: "halo", "data-show": "rise" });
  const point = handle(line, {
    label: "the weight w, a point on the curve of the loss", x: [0, 5], y: [0, 12], step: 0.1, start: [1, alone(1)], free: "x", on: alone,
    text: ([w, height]) => `w ${shown(w)}, loss ${shown(height)}, slope ${shown(slopeOf([w, 0], 0))}`,
  }, tellOne);

  function tellOne() {
    const [w, height] = point.value, slope = settled(slopeOf([w, 0], 0));
    const within = (u) => height + slope * (u - w) >= -0.01 && height + slope * (u - w) <= 12;
    tangent(steps(Math.max(-0.5, w - 2), Math.min(6, w + 2)).filter(within).map((u) => [u, height + slope * (u - w)]));
    const [x, y, over] = [line.x(w), line.y(height), line.x(w + 1)];
    run(x, y, over, y);
    rise(over, y, over, line.y(height + slope));
    change(rose, "x", over + 9);
    change(rose, "y", line.y(height + slope / 2) + 4);
    tellAll(page, {
      rise: slope === 0 ? "flat" : slope, w, loss: height, slope, change: alone(w + 0.01) - height, promised: 0.01 * slope,
      sign: slope > 0 ? "Positive:" : slope < 0 ? "Negative:" : "Zero:",
      meaning: slope > 0 ? "raising w raises the loss. Going left lowers it." : slope < 0 ? "raising w lowers the loss. Going right lowers it."
        : "this is the lowest point. Neither way lowers the loss.",
    });
  }

  // ---- two weights -----------------------------------------------------------------------------

  const scale = 0.25;
  const map = plane(at(page, "map"), {
    x: [-1.5, 5.5], y: [-2.5, 4.5], height: 352, names: ["w₁", "w₂"], label: "Lines of equal loss over two weights, a point, and the gradient there as an arrow",
    caption: "Lines of equal loss: 0.25 about the lowest point (+), then 1, 2.25, 4, 6.25, 9 and 12.25. Arrows are drawn a quarter as long.",
  });
  const gram = [[0, 0], [0, 1], [1, 1]].map(([j, k]) => dot(columns[j], columns[k]));
  contours(map, gram, data.lowest_two, [0.25, 1, 2.25, 4, 6.25, 9, 12.25]);
  const [lowX, lowY] = [map.x(data.lowest_two[0]), map.y(data.lowest_two[1])];
  draw(map.svg, "path", { class: "marker", d: `M${lowX - 5} ${lowY}h10M${lowX} ${lowY - 5}v10` });
  const through = draw(map.svg, "line", { class: "border" });
  const across = arrow(map.svg, "data"), upward = arrow(map.svg, "data"), gradient = arrow(map.svg, "total", "∇L");
  const [first, second] = ["part1", "part2"].map((name) => draw(map.svg, "text", { class: "halo", "text-anchor": "middle", "data-show": name }));
  const cut = plane(at(page, "cut"), {
    x: [-2.5, 5.5], y: [0, 19], height: 352, names: ["", "loss"], label: "The loss when one weight alone is changed, with its tangent",
    caption: "The loss along the dashed line of the map, where one weight alone changes. The dashed tangent has the slope in that way.",
  });
  const slice = curve(cut, "data"), slant = curve(cut, "penalty"), spot = draw(cut.svg, "circle", { class: "dot alive", r: 5 });
  draw(cut.svg, "text", { class: "quiet", x: (cut.left + cut.right) / 2, y: cut.bottom + 33, "text-anchor": "middle", "data-show": "axis" });
  const alongWhich = choice(at(page, "controls"), { id: "s1-along", label: "change only", options: ["w₁", "w₂"] }, tellTwo);
  const place = handle(map, {
    label: "the weights w₁ and w₂, a point of the map", x: [0, 4], y: [-1, 3], step: 0.1, start: [0.5, 0],
    text: ([a, b]) => `w₁ ${shown(a)}, w₂ ${shown(b)}`,
  }, tellTwo);

  function tellTwo() {
    const w = place.value, height = settled(lossOf(w)), slopes = [0, 1].map((j) => settled(slopeOf(w, j))), j = alongWhich.value;
    const [x, y] = [map.x(w[0]), map.y(w[1])], [tipX, tipY] = [map.x(w[0] + scale * slopes[0]), map.y(w[1] + scale * slopes[1])];
    across(x, y, tipX, y);
    upward(x, y, x, tipY);
    gradient(x, y, tipX, tipY);
    // Each slope is written on the side of its arrow that ∇L does not take.
    change(first, "x", ((x + tipX) / 2).toFixed(2));
    change(first, "y", (y + (slopes[1] > 0 ? 18 : -10)).toFixed(2));
    change(second, "x", (x + (slopes[0] > 0 ? -20 : 20)).toFixed(2));
    change(second, "y", ((y + tipY) / 2 + 4).toFixed(2));
    const ends = j === 0 ? { x1: map.left, x2: map.right, y1: y, y2: y } : { x1: x, x2: x, y1: map.top, y2: map.bottom };
    for (const [name, value] of Object.entries(ends)) change(through, name, value.toFixed(2));
    const moved = (u) => (j === 0 ? [u, w[1]] : [w[0], u]);
    const inside = ([, value]) => value >= -0.05 && value <= 19;
    slice(steps(-2.5, 5.5).map((u) => [u, lossOf(moved(u))]).filter(inside));
    slant(steps(w[j] - 1.5, w[j] + 1.5).map((u) => [u, height + slopes[j] * (u - w[j])]).filter(inside));
    change(spot, "cx", cut.x(w[j]).toFixed(2));
    change(spot, "cy", cut.y(height).toFixed(2));
    const way = (slope) => (slope > 0 ? "rises" : slope < 0 ? "falls" : "stays");
    const part = (slope) => (Math.abs(slope) < 0.5 ? "" : slope);
    tellAll(page, {
      axis: j === 0 ? `w₁, while w₂ stays ${shown(w[1])}` : `w₂, while w₁ stays ${shown(w[0])}`, part1: part(slopes[0]), part2: part(slopes[1]),
      w1: w[0], w2: w[1], loss2: height, slope1: slopes[0], slope2: slopes[1], way1: way(slopes[0]), way2: way(slopes[1]),
      flat: slopes[0] === 0 && slopes[1] === 0 ? "Both slopes are 0: no small step lowers the loss." : "",
    });
  }
  tellOne();
  tellTwo();
});

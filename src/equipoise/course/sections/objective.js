section(3, (page, data) => {
  const [low, high] = [-1, 3], top = 22.9;
  const lossOf = (w) => 0.5 * data.y.reduce((sum, y, i) => sum + (y - w * data.x[i]) ** 2, 0);
  const slopeOf = (w) => -dot(data.x, data.y.map((y, i) => y - w * data.x[i]));
  const grid = Array.from({ length: 81 }, (_, k) => low + ((high - low) * k) / 80);
  const kinds = ["data", "penalty", "total"], names = ["data loss", "penalty", "objective"];

  const heights = plane(at(page, "heights"), {
    x: [low, high], y: [0, top], height: 340, names: ["the weight w", "height"], label: "Data loss, penalty and objective over the weight, with a point to drag",
    caption: "Blue: data loss. Dashed: penalty. Thick: their sum, the objective. ▲ where it is lowest.",
  });
  const slopes = plane(at(page, "slopes"), {
    x: [low, high], y: [-15, 8.9], height: 340, names: ["the weight w", "slope"], label: "The slopes of data loss, penalty and objective over the weight",
    caption: "The slopes of the same three. At each w the thick line is the sum of the other two. ▲ where it meets 0.",
  });
  draw(slopes.svg, "line", { class: "border", x1: slopes.left, x2: slopes.right, y1: slopes.y(0), y2: slopes.y(0) });
  const parts = [heights, slopes].map((where) => ({
    guide: draw(where.svg, "line", { class: "border", y1: where.top, y2: where.bottom }),
    lines: kinds.map((kind) => curve(where, kind)),
    dots: kinds.map((kind) => draw(where.svg, "circle", { class: `dot ${kind}`, r: 4.5 })),
    lowest: draw(where.svg, "path", { class: "lowest" }),
    where,
  }));

  const limit = picker(at(page, "controls"), { id: "s3-limit", label: "λ, the price of a unit of weight", values: data.limits, start: 8 }, tell);
  const sum = (w) => lossOf(w) + data.limits[limit.value] * Math.abs(w);
  const point = handle(heights, {
    label: "the weight w, a point on the objective", x: [low, high], y: [0, top], step: 0.125, start: [2.5, sum(2.5)], free: "x", on: sum,
    text: ([w, height]) => `w ${shown(w)}, objective ${shown(height)}`,
  }, tell);
  byId("s3-go").addEventListener("click", () => point.set([data.rest[limit.value], 0]));

  function tell() {
    const [w, height] = point.value, held = data.limits[limit.value], rest = data.rest[limit.value];
    // The point stays on the objective when λ moves it.
    if (height !== sum(w)) return point.set([w, 0]);
    const pair = (u) => [lossOf(u), held * Math.abs(u)], both = ([a, b]) => [a, b, a + b];
    const steep = (u, side = Math.sign(u)) => both([slopeOf(u), held * side]);
    const left = steep(w, Math.sign(w) || -1), right = steep(w, Math.sign(w) || 1), kinked = w === 0 && held > 0;
    const [above, beside] = parts;
    above.lines.forEach((line, k) => line(grid.map((u) => [u, both(pair(u))[k]])));
    // At 0 the slope of the penalty takes every value between those of the two sides.
    const sides = [...grid.filter((u) => u < 0).map((u) => [u, steep(u)]), [0, steep(0, -1)], [0, steep(0, 1)], ...grid.filter((u) => u > 0).map((u) => [u, steep(u)])];
    beside.lines.forEach((line, k) => line(sides.map(([u, three]) => [u, three[k]])));
    // Of the slopes at the kink the marked one is the answer that leaves least.
    const answer = w === 0 ? Math.max(-held, Math.min(held, -slopeOf(0))) : held * Math.sign(w);
    for (const [{ where, guide, dots }, values] of [[above, both(pair(w))], [beside, both([slopeOf(w), answer])]]) {
      change(guide, "x1", where.x(w).toFixed(2));
      change(guide, "x2", where.x(w).toFixed(2));
      dots.forEach((spot, k) => { change(spot, "cx", where.x(w).toFixed(2)); change(spot, "cy", where.y(values[k]).toFixed(2)); });
    }
    for (const { where, lowest } of parts) {
      const y = where.y(where === heights ? data.least[limit.value] : 0);
      change(lowest, "d", `M${where.x(rest).toFixed(2)} ${(y - 8).toFixed(2)}l8 13h-16z`);
    }
    const slope = (k) => (kinked && k > 0 ? `from ${shown(left[k])} to ${shown(right[k])}` : right[k]);
    const total = settled(right[2]);
    tellAll(page, {
      w, loss: lossOf(w), penalty: held * Math.abs(w), objective: sum(w), rest, least: data.least[limit.value],
      "loss-slope": slopeOf(w), "penalty-slope": slope(1), "objective-slope": slope(2),
      meaning: kinked ? (left[2] <= 0 && right[2] >= 0 ? "0 is in the range of the objective’s slopes: neither way is down." : "Even the largest slope is negative: to the right it is still down.")
        : total > 0 ? "The objective rises to the right: going left lowers it." : total < 0 ? "The objective falls to the right: going right lowers it." : "The slopes cancel: neither way is down.",
      kink: rest === 0 ? "That is the kink: the weight is held at exactly 0." : "There the slopes of loss and penalty cancel.",
    });
  }
  tell();
});

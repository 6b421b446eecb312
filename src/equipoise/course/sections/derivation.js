section(7, (page, data) => {
  const columns = [0, 1].map((j) => data.X.map((row) => row[j]));
  const residualOf = (w) => data.y.map((y, i) => y - dot(data.X[i], w));
  const lossOf = (w) => { const r = residualOf(w); return 0.5 * dot(r, r); };
  const moved = (w, j, h) => w.map((value, k) => (k === j ? value + h : value));
  // Rounding is the subject here, and left as it is.
  const raw = (x) => ({ value: x, text: minus(number(x, 7)) });

  const choices = at(page, "choices");
  const which = choice(choices, { id: "s7-weight", label: "slope along", options: ["w₁", "w₂"] }, tell);
  const row = choice(choices, { id: "s7-row", label: "write out row", options: ["1", "2", "3"] }, tell);
  const weights = [1, 0.5].map((value, k) => slider(at(page, "weights"), { id: `s7-w${k + 1}`, label: `the weight w${"₁₂"[k]}`, min: -1, max: 3, step: 0.25, value }, tell));
  const lines = data.y.map((y, i) => {
    const cells = ["prediction", "r", "minus", "times"].map((name) => element("td", { "data-show": `${name}-${i + 1}` }));
    const line = element("tr", {}, element("th", {}, String(i + 1)), element("td", {}, shown(y)), ...cells);
    at(page, "rows").append(line);
    return line;
  });
  const powers = Array.from({ length: 13 }, (_, k) => -k);
  // Read as a number, and not raised: the nearest there is to a power of ten.
  const ten = (power) => Number(`1e${power}`);
  const size = picker(at(page, "step"), { id: "s7-h", label: "the step h", values: powers, start: 1, text: (power) => (power > -4 ? shown(ten(power)) : minus(`1e${power}`)) }, tell);

  const chord = plane(at(page, "chord"), {
    x: [-2.5, 4.5], y: [0, 13.9], height: 300, names: ["", "data loss"], label: "The data loss along the weight, the line through two of its points, and its tangent",
    caption: "Blue: the loss along the weight. Dashed: through the points at w and w + h. Thick: the tangent, as steep as −xⱼᵀr.",
  });
  const along = curve(chord, "data"), tangent = curve(chord, "total"), secant = curve(chord, "penalty");
  const ends = [0, 1].map(() => draw(chord.svg, "circle", { class: "dot penalty", r: 4.5 }));
  draw(chord.svg, "text", { class: "quiet", x: (chord.left + chord.right) / 2, y: chord.bottom + 33, "text-anchor": "middle", "data-show": "axis" });
  const errors = plane(at(page, "errors"), {
    x: [-12, 0], y: [-17, 0.9], height: 300, names: ["h is 10 to the power of …", "off by 10 to the power of …"],
    label: "How far the two finite differences are off, over the step, both on scales of powers of ten",
    caption: "How far the two are off, over the step. At the bottom they are exact to the last digit.",
  });
  draw(errors.svg, "text", { class: "halo", x: errors.x(-3.3), y: errors.y(-2.2), "text-anchor": "end" }, "forward");
  draw(errors.svg, "text", { class: "halo", x: errors.x(-5), y: errors.y(-14.6), "text-anchor": "end" }, "both ways");
  const errorLines = [curve(errors, "penalty"), curve(errors, "data")];
  const errorDots = ["penalty", "data"].map((kind) => draw(errors.svg, "circle", { class: `dot ${kind}`, r: 5 }));

  function differences(w, j, h) {
    const ahead = lossOf(moved(w, j, h)), back = lossOf(moved(w, j, -h));
    return [(ahead - lossOf(w)) / h, (ahead - back) / (2 * h)];
  }

  function tell() {
    const w = weights.map((weight) => weight.value), j = which.value, i = row.value, h = ten(powers[size.value]);
    const r = residualOf(w), terms = r.map((value, k) => -columns[j][k] * value), slope = -dot(columns[j], r);
    const [forward, central] = differences(w, j, h), told = {};
    r.forEach((value, k) => {
      Object.assign(told, { [`prediction-${k + 1}`]: dot(data.X[k], w), [`r-${k + 1}`]: value, [`minus-${k + 1}`]: -columns[j][k], [`times-${k + 1}`]: terms[k] });
      change(lines[k], "class", k === i ? "chosen" : "");
    });
    tellAll(page, {
      ...told, axis: `w${"₁₂"[j]}, while w${"₂₁"[j]} stays ${shown(w[1 - j])}`, j: String(j + 1), i: String(i + 1), written: `${shown(data.y[i])} − (${data.X[i].map((x, k) => `${shown(x)} · ${factor(w[k])}`).join(" + ")})`,
      ri: r[i], outer: r[i], inner: -data.X[i][j], product: terms[i], summed: terms.map((x) => factor(x)).join(" + "), slope,
      forward: raw(forward), central: raw(central), "forward-off": raw(forward - slope), "central-off": raw(central - slope),
    });
    show(w, j, h, slope);
  }

  function show(w, j, h, slope) {
    const grid = Array.from({ length: 141 }, (_, k) => -2.5 + k / 20), height = lossOf(w);
    const within = ([, value]) => value >= 0 && value <= 13.9;
    const through = (steep) => grid.map((u) => [u, height + steep * (u - w[j])]).filter(within);
    along(grid.map((u) => [u, lossOf(moved(w, j, u - w[j]))]).filter(within));
    tangent(through(slope));
    secant(through(differences(w, j, h)[0]));
    [0, h].forEach((step, k) => mark(ends[k], chord, [w[j] + step, lossOf(moved(w, j, step))]));
    const power = (off) => Math.max(-17, Math.log10(Math.abs(off)));
    const off = powers.map((p) => differences(w, j, ten(p)).map((value) => power(value - slope)));
    errorLines.forEach((line, k) => {
      line(powers.map((p, n) => [p, off[n][k]]));
      mark(errorDots[k], errors, [powers[size.value], off[size.value][k]]);
    });
  }

  function mark(circle, where, [a, b]) {
    change(circle, "cx", where.x(a).toFixed(2));
    change(circle, "cy", where.y(b).toFixed(2));
    change(circle, "visibility", where.y(b) < 0 ? "hidden" : "visible");
  }
  tell();
});

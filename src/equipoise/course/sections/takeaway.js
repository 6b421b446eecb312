section(16, (page, data) => {
  const { features, strengths, ratio, alone, paths } = data, least = paths.lasso.coef[0];
  const kinds = ["lasso", "ridge", "net"], titles = ["lasso (L1)", "ridge (L2)", "elastic net"];
  const order = features.map((_, j) => j).sort((a, b) => Math.abs(alone[b]) - Math.abs(alone[a]));
  const text = (t) => `λ₁ = ${shown(t)}, λ₂ = ${shown(t * ratio)}`;
  const strength = picker(at(page, "controls"), { id: "s16-strength", label: "Strength", values: strengths, start: strengths.indexOf(120), text }, tell);
  const kind = choice(at(page, "controls"), { id: "s16-penalty", label: "Shown below", options: titles }, tell);
  const pulls = rows("Pulls: small ring alone, large dot what is left at the solution (filled: kept); grey: what λ₁ holds", 1000, "The data's pull on each feature, alone and at the solution");
  const zone = draw(pulls.svg, "rect", { class: "zone", y: 0, height: pulls.bottom });
  pulls.svg.prepend(zone);
  const coefs = rows("Coefficients: bars; ◇ least squares", 800, "The coefficient of each feature, and that of least squares");
  const marks = order.map((j, row) => {
    const y = pulls.middle(row), center = coefs.middle(row), x = coefs.x(least[j]);
    const way = draw(pulls.svg, "line", { class: "way", y1: y, y2: y, x1: pulls.x(alone[j]) });
    draw(pulls.svg, "circle", { class: "alone", r: 4, cx: pulls.x(alone[j]), cy: y });
    const bar = draw(coefs.svg, "rect", { class: "bar", y: center - 6, height: 12 });
    draw(coefs.svg, "path", { class: "alone", d: `M${x} ${center - 6}L${x + 5} ${center}L${x} ${center + 6}L${x - 5} ${center}Z` });
    return { way, beside: draw(pulls.svg, "circle", { r: 5, cy: y }), bar };
  });
  for (const { svg, middle } of [pulls, coefs]) {
    order.forEach((j, row) => {
      const reach = draw(svg, "rect", { class: "reach", x: 0, width: 360, y: middle(row) - 11, height: 22 });
      reach.addEventListener("click", () => byId(`s16-feature-${j}`).click());
    });
  }
  const who = choice(at(page, "who"), { id: "s16-feature", label: "One of them", options: features, start: features.indexOf("s4") }, tell);

  // A picture with a row for each feature, those on top on which the data pull hardest alone.
  function rows(caption, bound, label) {
    const width = 360, left = 40, tall = 22, bottom = tall * order.length, figure = element("figure", { class: "plane figure" });
    const svg = draw(figure, "svg", { viewBox: `0 0 ${width} ${bottom + 22}`, role: "img", "aria-label": label });
    figure.append(element("figcaption", {}, caption));
    at(page, "pictures").append(figure);
    const x = linear(-bound, bound, left, width - 10), middle = (row) => tall * (row + 0.5);
    for (const value of [-bound, -bound / 2, 0, bound / 2, bound]) {
      draw(svg, "line", { class: "zero", x1: x(value), x2: x(value), y1: 0, y2: bottom });
      draw(svg, "text", { class: "quiet", x: x(value), y: bottom + 16, "text-anchor": "middle" }, shown(value));
    }
    const names = order.map((j, row) => draw(svg, "text", { x: left - 6, y: middle(row) + 4, "text-anchor": "end" }, features[j]));
    return { svg, x, middle, bottom, names };
  }

  const sum = (values, of) => values.reduce((total, value) => total + of(value), 0);

  function tell() {
    const k = strength.value, l1 = strengths[k], name = kinds[kind.value], w = paths[name].coef[k], beside = paths[name].pull[k], limit = name === "ridge" ? 0 : l1;
    change(zone, "x", pulls.x(-limit).toFixed(2));
    change(zone, "width", (pulls.x(limit) - pulls.x(-limit)).toFixed(2));
    order.forEach((j, row) => {
      const { way, beside: dot, bar } = marks[row], from = coefs.x(0), to = coefs.x(w[j]), state = w[j] === 0 ? "killed" : "kept";
      change(way, "x2", pulls.x(beside[j]).toFixed(2));
      change(dot, "cx", pulls.x(beside[j]).toFixed(2));
      change(dot, "class", `dot ${state === "kept" ? "alive" : ""}`);
      change(bar, "x", Math.min(from, to).toFixed(2));
      change(bar, "width", Math.abs(to - from).toFixed(2));
      change(bar, "class", "bar kept");
      for (const { names } of [pulls, coefs]) change(names[row], "class", j === who.value ? "chosen" : state === "killed" ? "quiet" : "");
    });
    const j = who.value, values = { l1, who: features[j], alone: alone[j], beside: beside[j], partial: paths[name].partial[k][j], coef: w[j], least: least[j], largest: Math.max(...least.map(Math.abs)) };
    for (const each of kinds) {
      const own = paths[each].coef[k], killed = order.filter((m) => own[m] === 0), list = killed.map((m) => features[m]).join(", ");
      values[`${each}-killed`] = killed.length;
      values[`${each}-names`] = killed.length ? `: ${list}` : "";
      values[`${each}-most`] = Math.max(0, ...killed.map((m) => Math.abs(paths[each].pull[k][m])));
      values[`${each}-largest`] = Math.max(...own.map(Math.abs));
      values[`${each}-share`] = percent((100 * sum(own, (value) => value ** 2)) / sum(least, (value) => value ** 2));
    }
    tellAll(page, { ...values, story: story(limit, alone[j], w[j], least[j]) });
  }

  function story(limit, first, w, free) {
    if (strengths[strength.value] === 0) return "There is no penalty: this is least squares.";
    if (w === 0) {
      return Math.abs(first) <= limit ? "Killed as weak: alone, too, the pull on it is no larger than λ₁." : "Killed, for the others explain it away: alone the pull is larger than λ₁, its partial pull is not.";
    }
    const alive = Math.abs(first) <= limit ? "Weak alone, and yet kept: beside the others its partial pull is larger than λ₁. It is " : "Kept, and ";
    if (w * free < 0) return `${alive}turned round: least squares gives it the other sign.`;
    const share = percent((100 * w) / free).text;
    return Math.abs(w) <= Math.abs(free) ? `${alive}shrunk to ${share} % of least squares.` : `${alive}larger than in least squares, for others that worked with it or against it are held back.`;
  }

  tell();
});

section(16, (page, data) => {
  const { features, strengths, ratio, alone, paths } = data, least = paths.lasso.coef[0];
  const kinds = ["lasso", "ridge", "net"], titles = ["lasso (L1)", "ridge (L2)", "elastic net"];
  const order = features.map((_, j) => j).sort((a, b) => Math.abs(alone[b]) - Math.abs(alone[a]));
  const text = (t) => `λ₁ = ${shown(t)}, λ₂ = ${shown(t * ratio)}`;
  const strength = picker(at(page, "controls"), { id: "s16-strength", label: "Strength", values: strengths, start: strengths.indexOf(120), text }, tell);
  const kind = choice(at(page, "controls"), { id: "s16-penalty", label: "Shown below", options: titles }, tell);
  const captions = [
    "Pulls: ○ alone → ● partial pull (■ if killed), ◇ pull left at the solution. Shaded: what λ₁ holds, −λ₁ to λ₁.",
    "Pulls: ○ alone → ● partial pull, ◇ pull left at the solution. Nothing is shaded: at 0 ridge holds no pull.",
  ];
  const pulls = rows(captions[0], 1000, "Of each feature its pull alone, its partial pull and the pull left at the solution, beside the range that λ₁ holds");
  const borders = [-1, 1].map(() => draw(pulls.svg, "line", { class: "border", y1: 0, y2: pulls.bottom }));
  const zone = draw(pulls.svg, "rect", { class: "zone", y: 0, height: pulls.bottom });
  pulls.svg.prepend(zone, ...borders);
  const coefs = rows("Coefficients: bars; upright strokes: least squares", 800, "The coefficient of each feature, and that of least squares");
  const marks = order.map((j, row) => {
    const y = pulls.middle(row) - 5, x = coefs.x(least[j]), moved = arrow(pulls.svg, "faint");
    draw(pulls.svg, "circle", { class: "ring", r: 7, cx: pulls.x(alone[j]), cy: y });
    const bar = draw(coefs.svg, "rect", { class: "bar kept", y: coefs.middle(row) - 6, height: 12 });
    draw(coefs.svg, "line", { class: "free", x1: x, x2: x, y1: coefs.middle(row) - 9, y2: coefs.middle(row) + 9 });
    return { y, moved, judged: draw(pulls.svg, "path", {}), left: draw(pulls.svg, "path", { class: "ring" }), bar };
  });
  for (const { svg, middle } of [pulls, coefs]) {
    order.forEach((j, row) => {
      const reach = draw(svg, "rect", { class: "reach", x: 0, width: 360, y: middle(row) - 15, height: 30 });
      reach.addEventListener("click", () => byId(`s16-feature-${j}`).click());
    });
  }
  const who = choice(at(page, "who"), { id: "s16-feature", label: "One of them", options: features, start: features.indexOf("s4") }, tell);

  // A picture with a row for each feature, those on top on which the data pull hardest alone.
  function rows(caption, bound, label) {
    const width = 360, left = 40, tall = 30, bottom = tall * order.length, figure = element("figure", { class: "plane figure" });
    const svg = draw(figure, "svg", { viewBox: `0 0 ${width} ${bottom + 22}`, role: "img", "aria-label": label });
    const words = element("figcaption", {}, caption);
    figure.append(words);
    at(page, "pictures").append(figure);
    const x = linear(-bound, bound, left + 12, width - 14), middle = (row) => tall * (row + 0.5);
    for (const value of [-bound, -bound / 2, 0, bound / 2, bound]) {
      draw(svg, "line", { class: "zero", x1: x(value), x2: x(value), y1: 0, y2: bottom });
      draw(svg, "text", { class: "quiet", x: x(value), y: bottom + 16, "text-anchor": "middle" }, shown(value));
    }
    const names = order.map((j, row) => draw(svg, "text", { x: left - 6, y: middle(row) + 4, "text-anchor": "end" }, features[j]));
    return { svg, x, middle, bottom, names, words };
  }

  // The coefficient that is largest in size, with its sign, and whose it is.
  function strongest(name, w) {
    const j = w.reduce((best, value, m) => (Math.abs(value) > Math.abs(w[best]) ? m : best), 0);
    return { [`${name}-largest`]: w[j], [`${name}-feature`]: features[j] };
  }

  const sum = (values, of) => values.reduce((total, value) => total + of(value), 0);

  function tell() {
    const k = strength.value, l1 = strengths[k], name = kinds[kind.value], w = paths[name].coef[k], { pull, partial } = paths[name], limit = name === "ridge" ? 0 : l1;
    change(zone, "x", pulls.x(-limit).toFixed(2));
    change(zone, "width", (pulls.x(limit) - pulls.x(-limit)).toFixed(2));
    borders.forEach((line, side) => ["x1", "x2"].forEach((end) => change(line, end, pulls.x(side ? limit : -limit).toFixed(2))));
    for (const line of borders) change(line, "visibility", limit ? "visible" : "hidden");
    pulls.words.textContent = captions[name === "ridge" ? 1 : 0];
    order.forEach((j, row) => {
      const { y, moved, judged, left, bar } = marks[row], from = coefs.x(0), to = coefs.x(w[j]), killed = w[j] === 0;
      const own = pulls.x(alone[j]), p = pulls.x(partial[k][j]), f = pulls.x(pull[k][j]);
      const towards = Math.sign(p - own), far = Math.abs(p - own) > 13; // else the two marks touch
      moved(far ? own + 7 * towards : p, y, far ? p - 5 * towards : p, y);
      change(judged, "class", killed ? "bar faint" : "bar kept");
      change(judged, "d", killed ? `M${p - 4} ${y - 4}h8v8h-8Z` : `M${p - 5} ${y}a5 5 0 1 0 10 0a5 5 0 1 0 -10 0Z`);
      change(left, "d", `M${f} ${y + 5}l5 5l-5 5l-5 -5Z`);
      change(bar, "x", Math.min(from, to).toFixed(2));
      change(bar, "width", Math.abs(to - from).toFixed(2));
      for (const { names } of [pulls, coefs]) change(names[row], "class", j === who.value ? "chosen" : killed ? "quiet" : "");
    });
    const j = who.value, values = { who: features[j], alone: alone[j], beside: pull[k][j], partial: partial[k][j], coef: w[j], least: least[j] };
    const killed = w[j] === 0;
    values.own = killed ? "It is killed and explains nothing, so all of that, " : "Of that, once it has explained its own part, a pull of ";
    values.rest = killed ? ", is left." : " is left.";
    tellClauses(k);
    tellAll(page, { ...values, story: story(limit, alone[j], w[j], least[j]) });
  }

  // The three clauses at a strength.
  function tellClauses(k) {
    const values = { l1: strengths[k], ...strongest("least", least) };
    for (const each of kinds) {
      const own = paths[each].coef[k], killed = order.filter((m) => own[m] === 0), list = killed.map((m) => features[m]).join(", ");
      values[`${each}-killed`] = killed.length;
      values[`${each}-names`] = killed.length ? `: ${list}` : "";
      // Of none killed there is no largest partial pull.
      values[`${each}-most`] = killed.length ? Math.max(...killed.map((m) => Math.abs(paths[each].partial[k][m]))) : "";
      if (each === "lasso") at(page, "most").hidden = killed.length === 0;
      Object.assign(values, strongest(each, own));
      values[`${each}-share`] = percent((100 * sum(own, (value) => value ** 2)) / sum(least, (value) => value ** 2));
    }
    tellAll(page, values);
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

  // Each clause keeps the room of its longest wording, so that the pictures below stay where they are.
  for (const clause of page.querySelectorAll(".clauses .steady")) {
    clause.dataset.longest = strengths.map((_, k) => { tellClauses(k); return clause.textContent; }).reduce((a, b) => (b.length > a.length ? b : a));
  }
  tell();
});

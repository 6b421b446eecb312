section(10, (page, data) => {
  const names = ["x1", "x2", "x3"], controls = at(page, "controls"), width = 360, left = 34, right = width - 12, tall = 52, bottom = 12 + tall * names.length;
  const figure = element("figure", { class: "plane figure" });
  const svg = draw(figure, "svg", { viewBox: `0 0 ${width} ${bottom + 34}`, role: "img", "aria-label": "Of each feature its pull alone, its partial pull and its pull on the full residual, beside the range that the penalty holds" });
  figure.append(element("figcaption", {}, "○ pull alone → ● partial pull (■ if killed), ◇ pull on the full residual. Shaded: what the penalty holds, −λ to λ."));
  at(page, "pulls").append(figure);
  const x = linear(-60, 85, left, right), zone = draw(svg, "rect", { class: "zone", y: 4, height: bottom - 4 });
  const borders = [-1, 1].map(() => draw(svg, "line", { class: "border", y1: 4, y2: bottom }));
  draw(svg, "line", { class: "zero", x1: x(0), x2: x(0), y1: 4, y2: bottom });
  const axis = draw(svg, "g", { class: "axis" });
  draw(axis, "line", { x1: left, x2: right, y1: bottom, y2: bottom });
  for (const value of ticks(-60, 85, 8)) draw(axis, "text", { x: x(value), y: bottom + 15, "text-anchor": "middle" }, shown(value));
  draw(svg, "text", { class: "quiet", x: (left + right) / 2, y: bottom + 31, "text-anchor": "middle" }, "pull");
  const rows = names.map((name, j) => {
    const y = 4 + tall * (j + 0.5);
    draw(svg, "text", { x: 4, y: y + 4 }, name);
    const moved = arrow(svg, "faint"), alone = draw(svg, "circle", { class: "ring", r: 9, cy: y - 10 });
    return { y, moved, alone, partial: draw(svg, "path", {}), full: draw(svg, "path", { class: "ring" }) };
  });
  for (const [j, name] of names.entries()) {
    const cell = (what) => element("td", {}, element("span", { "data-show": `${what}-${j + 1}` }));
    at(page, "judged").append(element("tr", {}, element("th", { scope: "row" }, name), cell("alone"), cell("taken"), cell("partial"), cell("verdict")));
    at(page, "misread").append(element("tr", {}, element("th", { scope: "row" }, name), cell("coef"), cell("pull"), cell("within")));
  }
  const correlation = picker(controls, { id: "s10-correlation", label: "correlation of x1 and x2", values: data.correlations, start: data.correlations.indexOf(0) }, tell);
  const limit = picker(controls, { id: "s10-limit", label: "λ, the most the penalty holds", values: data.limits }, tell);
  names.forEach((name, j) => {
    const stories = data.fits.flatMap((fits, k) => fits.map((found) => story(name, found[j], data.limits[k])));
    page.querySelector(`[data-show="story-${j + 1}"]`).parentNode.dataset.longest = stories.reduce((a, b) => (b.length > a.length ? b : a));
  });
  tell();

  // Who takes how much of a pull, and who adds to it.
  function takers({ taken }) {
    const parts = Object.entries(taken).filter(([, share]) => settled(share) !== 0);
    return parts.map(([name, share]) => `${name} ${share > 0 ? "takes" : "adds"} ${shown(Math.abs(share))}`).join(", ");
  }

  function story(name, row, held) {
    const others = takers(row), leaves = others ? `${others}, which makes its partial pull ${shown(row.partial)}` : `no other feature takes anything of its pull, ${shown(row.alone)}`;
    if (row.reason === "weak") return `${name} is weak: alone it has a pull of ${shown(row.alone)}, beside the others of ${shown(row.partial)}, and λ = ${shown(held)} holds both.`;
    if (row.reason) return `${name} is absorbed: alone it has a pull of ${shown(row.alone)}, but ${leaves}, and λ = ${shown(held)} holds that.`;
    return `${name} is kept: ${leaves}, and λ = ${shown(held)} cannot hold that.`;
  }

  function tell() {
    const found = data.fits[limit.value][correlation.value], held = data.limits[limit.value];
    // A pull that rests on λ is λ but for rounding.
    const within = found.map(({ pull }) => settled(Math.abs(pull) - held, held) <= 0), list = (chosen) => names.filter((_, j) => chosen[j]).join(", ") || "none";
    change(zone, "x", x(-Math.min(held, 60)).toFixed(2));
    change(zone, "width", (x(held) - x(-held)).toFixed(2));
    borders.forEach((line, k) => ["x1", "x2"].forEach((end) => change(line, end, x(k === 0 ? -held : held).toFixed(2))));
    rows.forEach(({ y, moved, alone, partial, full }, j) => {
      const { coef, alone: own, partial: judged, pull } = found[j], p = x(judged), f = x(pull);
      change(alone, "cx", x(own).toFixed(2));
      const a = x(own), towards = Math.sign(p - a), far = Math.abs(p - a) > 16; // else the two marks touch
      moved(far ? a + 9 * towards : p, y - 10, far ? p - 6 * towards : p, y - 10);
      change(partial, "class", coef === 0 ? "bar faint" : "bar kept");
      change(partial, "d", coef === 0 ? `M${p - 5} ${y - 15}h10v10h-10Z` : `M${p - 6} ${y - 10}a6 6 0 1 0 12 0a6 6 0 1 0 -12 0Z`);
      change(full, "d", `M${f} ${y + 4}l6 7l-6 7l-6 -7Z`);
    });
    const columns = {
      alone: (row) => row.alone, taken: (row) => row.alone - row.partial, partial: (row) => row.partial, verdict: (row) => (row.coef === 0 ? "killed" : "kept"),
      coef: (row) => row.coef, pull: (row) => row.pull, within: (_, j) => (within[j] ? (found[j].coef === 0 ? "yes" : "yes, and yet kept") : "no"),
      story: (row, j) => story(names[j], row, held),
    };
    tellAll(page, Object.fromEntries(Object.entries(columns).flatMap(([what, of]) => found.map((row, j) => [`${what}-${j + 1}`, of(row, j)]))));
    tellAll(page, { misread: list(within), kept: list(found.map(({ coef }) => coef !== 0)) });
    for (const j of names.keys()) {
      const place = page.querySelector(`[data-show="verdict-${j + 1}"]`);
      place.className = place.textContent;
    }
  }
});

section(12, (page, data) => {
  const names = ["x1", "x2", "y"], most = 10;
  const fields = [0, 1, 2].map((i) => {
    const row = element("tr", {}, element("th", { scope: "row" }, `row ${i + 1}`));
    at(page, "entry").append(row);
    return names.map((name, j) => {
      const input = element("input", { id: `s12-${name}-${i + 1}`, autocomplete: "off", "aria-label": `${name} in row ${i + 1}` });
      input.addEventListener("input", edited);
      row.append(element("td", {}, input));
      return input;
    });
  });
  Object.entries(data.tables).forEach(([name, table], k) => {
    const button = element("button", { type: "button", id: `s12-fill-${k}` }, name);
    button.addEventListener("click", () => { fill(table); edited(); });
    at(page, "fill").append(button);
  });
  const fill = (table) => table.forEach((row, i) => row.forEach((value, j) => { fields[i][j].value = shown(value); }));
  const limit = slider(at(page, "controls"), { id: "s12-limit", label: "λ, the same for L1 and L2", min: 0, max: 7, step: 0.1, value: 3 }, tell);
  const marks = [];
  // The λ that the reader has set; data that are too weak for it move the slider only for the while.
  let problem = null, wanted = limit.value;
  byId("s12-limit").addEventListener("input", () => { wanted = limit.value; });

  // A decimal number as one writes it, with either minus sign and a point or a comma; of anything else NaN.
  function decimal(written) {
    const text = written.trim().replace("−", "-").replace(",", ".");
    return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : NaN;
  }

  // What is wrong with a field, in a sentence, or null.
  function mistake(input, i, j) {
    const text = input.value.trim(), place = `${names[j]} in row ${i + 1}`;
    if (text === "") return `${place} is empty: write a number, such as 1.5.`;
    const value = decimal(text);
    if (Number.isNaN(value)) return `${place} is “${shorten(text, 20)}”, which is no decimal number: write one such as −1.5.`;
    if (Math.abs(value) > most) return `${place} is ${shorten(text, 20)}: write a number from −${most} to ${most}.`;
    if (value !== Number(value.toFixed(2))) return `${place} is ${shorten(text, 20)}: write at most two decimals.`;
    return null;
  }

  // The data as whole hundredths, whose products and sums are exact: a zero is a zero, two equal columns are equal.
  function edited() {
    const wrong = fields.flatMap((row, i) => row.map((input, j) => [input, mistake(input, i, j)]));
    for (const [input, found] of wrong) input.setAttribute("aria-invalid", found !== null);
    const found = wrong.map(([, what]) => what).filter((what) => what !== null);
    tellAll(page, { mistake: found[0] ?? "" });
    problem = null;
    if (found.length) return emptied();
    at(page, "pictures").style.visibility = "";
    const [a, b, y] = names.map((_, j) => fields.map((row) => Math.round(100 * decimal(row[j].value))));
    problem = { gram: [dot(a, a), dot(a, b), dot(b, b)], pulls: [dot(a, y), dot(b, y)] };
    const strongest = Math.max(...problem.pulls.map(Math.abs)) / 10_000, input = byId("s12-limit");
    const end = Math.max(1, Math.ceil(1.3 * strongest)), value = Math.min(wanted, end);
    input.step = end > 50 ? 1 : 0.1;
    input.max = end;
    redraw(end);
    limit.set(end > 50 ? Math.round(value) : value);
  }

  function emptied() {
    at(page, "pictures").style.visibility = "hidden";
    for (const place of page.querySelectorAll("table.summary [data-show]")) { place.textContent = "–"; delete place.dataset.value; }
    tellAll(page, { note: "" });
  }

  const solve = (l1, l2) => solveTwo(problem.gram, problem.pulls, Math.round(10_000 * l1), Math.round(10_000 * l2));

  // Of two parallel columns least squares may share anyhow; ridge, as λ goes to 0, comes to the shares whose squares are smallest.
  function ridge(l2) {
    const { gram: [g11, g12, g22], pulls } = problem;
    if (l2 > 0 || g11 * g22 !== g12 * g12) return solve(0, l2);
    return pulls.map((pull) => (pull === 0 ? 0 : pull / (g11 + g22)));
  }

  // The coefficients over λ, of both penalties.
  function redraw(end) {
    const grid = Array.from({ length: 141 }, (_, k) => (k * end) / 140), holder = at(page, "pictures");
    const found = { "L1 (lasso)": grid.map((l) => solve(l, 0)), "L2 (ridge)": grid.map(ridge) };
    const values = [0, ...Object.values(found).flat(2)], low = Math.min(...values), high = Math.max(...values), room = 0.08 * (high - low || 1);
    holder.replaceChildren();
    marks.length = 0;
    for (const [name, path] of Object.entries(found)) {
      const picture = plane(holder, {
        x: [0, end], y: [low - room, high + room], height: 210, names: ["λ", "w"], label: `${name}: both coefficients over λ`,
        caption: `${name}: w₁ solid, w₂ dashed`,
      });
      draw(picture.svg, "line", { class: "zero", x1: picture.left, x2: picture.right, y1: picture.y(0), y2: picture.y(0) });
      ["data", "penalty"].forEach((kind, j) => curve(picture, kind)(grid.map((l, k) => [l, path[k][j]])));
      marks.push({ picture, line: draw(picture.svg, "line", { class: "marker", y1: picture.top, y2: picture.bottom }) });
    }
  }

  function tell() {
    if (!problem) return;
    const held = Number(limit.value.toFixed(2)), { gram: [g11, g12, g22], pulls: [c1, c2] } = problem;
    const rest = { l1: solve(held, 0), l2: ridge(held) };
    const values = { alone1: c1 / 10_000, alone2: c2 / 10_000, low: -held, high: held, "l2-answer": 0 };
    for (const [name, w] of Object.entries(rest)) {
      const left = ([all, ...taken]) => settled(taken.reduce((rest, part) => rest - part, all), largest([all, ...taken])) / 10_000;
      const pulls = [[c1, g11 * w[0], g12 * w[1]], [c2, g12 * w[0], g22 * w[1]]].map(left);
      const partial = [[c1, g12 * w[1]], [c2, g12 * w[0]]].map(left);
      const zeros = ["x1", "x2"].filter((_, j) => w[j] === 0);
      Object.assign(values, { [`${name}-pull1`]: pulls[0], [`${name}-pull2`]: pulls[1], [`${name}-w1`]: w[0], [`${name}-w2`]: w[1], [`${name}-partial1`]: partial[0], [`${name}-partial2`]: partial[1] });
      values[`${name}-zeros`] = `${zeros.length} of 2`;
      if (name === "l1") values["l1-kill"] = held === 0 ? "no: λ is 0" : zeros.length ? `yes: ${zeros.join(" and ")}` : "no: both partial pulls exceed λ";
    }
    values["l2-kill"] = held === 0 ? "no: λ is 0" : "no";
    values.note = note(held, rest);
    tellAll(page, values);
    for (const { picture, line } of marks) for (const end of ["x1", "x2"]) change(line, end, picture.x(held).toFixed(2));
  }

  function note(held, { l1, l2 }) {
    const { gram: [g11, g12, g22], pulls } = problem, empty = ["x1", "x2"].filter((_, j) => [g11, g22][j] === 0);
    if (empty.length) return `${empty.join(" and ")} ${empty.length === 1 ? "is a column" : "are columns"} of zeros: ${empty.length === 1 ? "it changes" : "they change"} no prediction, so there is never a pull on ${empty.length === 1 ? "it" : "them"}, and no penalty is needed for a 0 here.`;
    const parallel = g11 * g22 === g12 * g12;
    if (parallel && (held === 0 || (g11 === g22 && l1.some((w) => w !== 0)))) {
      const one = g11 === g22 ? (g12 > 0 ? "x1 and x2 are the same column" : "x2 is x1 with the other sign") : "x2 is a multiple of x1";
      return `${one}: ${held === 0 ? "without a penalty" : "under L1"} any share between them gives the same objective; under L1 the table shows the one in which one has it all${held === 0 ? ", under L2 the one to which ridge comes as λ goes to 0" : ". Under L2 equal shares cost least"}.`;
    }
    if (held > 0 && l2.some((w) => w === 0)) return "Where a coefficient is 0 under L2, the data do not pull on it at rest: no penalty is needed for that.";
    if (pulls.every((pull) => pull === 0)) return "The data do not pull on either coefficient: there is nothing to hold.";
    return "";
  }

  fill(Object.values(data.tables)[0]);
  edited();
});

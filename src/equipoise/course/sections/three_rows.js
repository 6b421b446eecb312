section(14, (page, data) => {
  const { text, factor, product, verdict } = sums(7);
  const names = data.columns.map((_, j) => `x${j + 1}`), rows = data.y.map((_, i) => i);
  const walked = data.runs[data.walked], ways = [names.map(() => 0), ...walked.steps.map((_, k) => weights(walked, k + 1))];

  // What every number of a step is: its value, and the sum behind it.
  const parts = {
    without: ({ step, was, name, x }, i) => [step.without[i], `row ${i + 1}: ${factor(was[i])} + ${factor(step.before)}·${x[i]}`, `the residual with the part of ${name} put back, `],
    pull: ({ step, name, x }) => [step.pull, product(x, step.without), `${name}ᵀr = `],
    weight: ({ step, x, limit, j }) => step.killed ? [0, `${verdict(step, limit)}: killed, so w${sub(j)}`, ""]
      : [step.after, `(${text(step.pull)} ${step.pull > 0 ? "−" : "+"} ${text(limit)}) ÷ (${product(x, x)})`, `w${sub(j)} = `],
    residual: ({ step, w }, i) => [step.residual[i], `${data.y[i]}${w.map((v, j) => ` − ${factor(v)}·${data.columns[j][i]}`).join("")}`, `the residual in row ${i + 1}, y − w₁·x1 − w₂·x2 = `],
    gradient: ({ step, w, limit }, j) => {
      const x = data.columns[j], pull = dot(x, step.residual), answer = w[j] === 0 ? Math.max(-limit, Math.min(limit, pull)) : Math.sign(w[j]) * limit;
      return [settled(step.gradient[j], limit), `${text(answer)} − (${product(x, step.residual)})`, `${names[j]}: the penalty’s answer minus the pull = `];
    },
    objective: ({ step, w, limit }) => [
      step.objective, `½·(${step.residual.map((v) => `${factor(v)}²`).join(" + ")}) + ${text(limit)}·(${w.map((v) => `|${text(v)}|`).join(" + ")})`, "half the squares of the residual + λ times the sizes of the weights = ",
    ],
  };
  const about = (run, k) => {
    const step = run.steps[k];
    return { step, j: step.j, name: names[step.j], x: data.columns[step.j], limit: run.limit, w: weights(run, k + 1), was: k === 0 ? data.y : run.steps[k - 1].residual };
  };
  const written = (run, k, part, i) => {
    const [value, sum, what] = parts[part](about(run, k), i);
    return `${what}${sum} = ${text(value)}`;
  };

  // ---- one step at a time ------------------------------------------------------------------------

  const picture = plane(at(page, "way"), {
    x: [0, 2.2], y: [0, 1], names: ["w₁", "w₂"], label: "The way of the two weights from (0, 0) to (5/3, 2/3)", caption: "The two weights, step by step: first along w₁, then along w₂.",
  });
  const way = curve(picture, "data"), dot0 = draw(picture.svg, "circle", { r: 6, class: "spot" });
  let open = ["pull", 0];
  const buttons = [];
  for (const [part, count, label] of [["without", 3, "r with its part put back"], ["pull", 1, "partial pull"], ["verdict", 0, "against λ = 1"], ["weight", 1, "new weight"], ["residual", 3, "residual r"], ["gradient", 2, "total gradients"], ["objective", 1, "objective"]]) {
    const cell = element("td", {});
    if (count === 0) cell.append(element("span", { "data-show": part }));
    for (let i = 0; i < count; i++) {
      const button = element("button", { type: "button", "data-show": count > 1 ? `${part}-${i + 1}` : part });
      button.addEventListener("click", () => { open = [part, i]; tell(steps.value); });
      cell.append(button);
      buttons.push([part, i, button]);
    }
    at(page, "card").append(element("tr", {}, element("th", { scope: "row" }, element("span", { "data-show": `name-${part}` }, label)), cell));
  }
  const last = walked.steps.length, steps = stepping(at(page, "steps"), {
    id: "s14-step", label: "steps", last: last - 1, text: (k) => `step ${k + 1} of ${last}`, pause: 1200,
  }, tell);
  table(at(page, "table"), walked);
  tell(0);

  function tell(k) {
    const known = about(walked, k), { step, name, j } = known;
    const values = Object.fromEntries(buttons.map(([part, i, button]) => [button.dataset.show, exactly(parts[part](known, i)[0])]));
    tellAll(page, {
      ...values, head: `Step ${k + 1}, round ${step.sweep}: the turn of ${name}`, verdict: `${verdict(step, walked.limit)}: ${step.killed ? "killed" : "kept"}`,
      "name-without": `r with ${name}’s part put back`, "name-pull": `partial pull ${name}ᵀr`, "name-weight": `new weight w${sub(j)}`, "name-gradient": "total gradients x1, x2",
      opened: written(walked, k, ...open),
    });
    for (const [part, i, button] of buttons) button.setAttribute("aria-pressed", String(part === open[0] && i === open[1]));
    way(ways.slice(0, k + 2));
    change(dot0, "cx", picture.x(ways[k + 1][0]).toFixed(2));
    change(dot0, "cy", picture.y(ways[k + 1][1]).toFixed(2));
  }

  // ---- all steps -----------------------------------------------------------------------------------

  function table(holder, run) {
    const columns = [["pull", 0, "partial pull"], ["weight", 0, "weight"], ...rows.map((i) => ["residual", i, `r, row ${i + 1}`]), ...names.map((name, j) => ["gradient", j, `gradient ${name}`]), ["objective", 0, "objective"]];
    const body = element("tbody"), heads = ["step", "feature", ...columns.map(([, , head]) => head)];
    heads.splice(3, 0, "verdict");
    run.steps.forEach((step, k) => {
      const line = element("tr", {}, element("th", { scope: "row" }, String(k + 1)), element("td", {}, names[step.j]));
      for (const [part, i, head] of columns) {
        const value = parts[part](about(run, k), i)[0], button = element("button", { type: "button", "aria-expanded": "false", "aria-label": `${head}, step ${k + 1}: ${text(value)}` });
        write(button, exactly(value));
        button.addEventListener("click", () => unfold(body, line, button, written(run, k, part, i), heads.length));
        line.append(element("td", {}, button));
        if (part === "pull") line.append(element("td", { class: step.killed ? "killed" : "kept" }, step.killed ? "killed" : "kept"));
      }
      body.append(line);
    });
    const head = element("thead", {}, element("tr", {}, ...heads.map((name) => element("th", { scope: "col" }, name))));
    holder.replaceChildren(element("table", { class: "facts numbers" }, head, body));
  }

  // The sum behind a number of a table opens below its line; pressed again it closes.
  function unfold(body, line, button, sum, width) {
    const closing = button.getAttribute("aria-expanded") === "true";
    for (const other of body.querySelectorAll('[aria-expanded="true"]')) other.setAttribute("aria-expanded", "false");
    body.querySelector(".unfolded")?.remove();
    if (closing) return;
    button.setAttribute("aria-expanded", "true");
    line.after(element("tr", { class: "unfolded" }, element("td", { colspan: width }, element("div", { role: "status" }, sum))));
  }

  // ---- other limits --------------------------------------------------------------------------------

  const limits = data.runs.map(({ limit }) => limit), most = limits[limits.length - 1];
  const curves = plane(at(page, "weights"), {
    x: [0, most], y: [0, 2.1], names: ["λ", "weight"], label: "Both weights against λ: x2 reaches 0 at 3, x1 at 5", height: 230,
  });
  names.forEach((name, j) => {
    curve(curves, j === 0 ? "data" : "penalty")(data.runs.map(({ limit, coef }) => [limit, coef[j]]));
    draw(curves.svg, "text", { x: curves.x(limits[3]) + 6, y: curves.y(data.runs[3].coef[j]) - 6 }, name);
  });
  const mark = draw(curves.svg, "line", { class: "marker", y1: curves.top, y2: curves.bottom });
  const spots = names.map(() => draw(curves.svg, "circle", { r: 5, class: "spot" }));
  for (const [j, name] of names.entries()) {
    const cell = (what) => element("td", {}, element("span", { "data-show": `${what}-${j + 1}` }));
    at(page, "ends").append(element("tr", {}, element("th", { scope: "row" }, name), cell("last"), element("td", {}, element("span", { "data-show": "limit" })), cell("end"), cell("fate")));
  }
  picker(at(page, "limit"), { id: "s14-limit", label: "λ, the most the penalty holds", values: limits, start: data.walked }, choose);
  choose(data.walked);

  function choose(k) {
    const run = data.runs[k], ends = run.steps.slice(-names.length), out = names.filter((_, j) => run.coef[j] === 0);
    change(mark, "x1", curves.x(run.limit).toFixed(2));
    change(mark, "x2", curves.x(run.limit).toFixed(2));
    spots.forEach((spot, j) => {
      change(spot, "cx", curves.x(run.limit).toFixed(2));
      change(spot, "cy", curves.y(run.coef[j]).toFixed(2));
    });
    tellAll(page, {
      limit: run.limit,
      ...Object.fromEntries(names.flatMap((_, j) => [[`last-${j + 1}`, exactly(ends[j].pull)], [`end-${j + 1}`, exactly(run.coef[j])], [`fate-${j + 1}`, ends[j].killed ? "killed" : "kept"]])),
      story: out.length === 0 ? "Nothing is killed." : `Killed: ${out.join(" and ")}.`,
    });
    for (const j of names.keys()) {
      const fate = page.querySelector(`[data-show="fate-${j + 1}"]`);
      fate.className = fate.textContent;
    }
    table(at(page, "others"), run);
  }
});

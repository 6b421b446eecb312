section(13, (page, data) => {
  const { vector, product, division } = sums(4);
  const LINES = [
    [0, "Initialize w = 0, r = y"], [0, "Repeat:"], [1, "for each feature j:"], [2, "r = r + x_j * w_j"], [2, "g_j = x_jᵀ r"], [2, "if |g_j| ≤ λ:"],
    [3, "w_j = 0"], [2, "else:"], [3, "w_j = (g_j − sign(g_j)·λ) / (x_jᵀ x_j)"], [2, "r = r − x_j * w_j"],
  ];
  const lines = LINES.map(([depth, text]) => {
    const item = element("li", { class: `depth-${depth}` }, element("code", {}, text));
    at(page, "lines").append(item);
    return item;
  });
  const rows = Object.fromEntries([["limit", "λ"], ["j", "j"], ["x", "x_j"], ["g", "g_j"], ["w1", "w₁"], ["w2", "w₂"]].map(([name, text]) => {
    const row = element("tr", {}, element("th", { scope: "row" }, text), element("td", {}, element("span", { "data-show": name })));
    at(page, "variables").append(row);
    return [name, row];
  }));
  const residual = bars(at(page, "residual"), {
    names: data.y.map((_, i) => `row ${i + 1}`), bound: largest(data.y), label: "The residual r, one bar a row", caption: "The residual r",
  });
  let run, ticks;
  choice(at(page, "controls"), {
    id: "s13-limit", label: "λ, the most the penalty holds", options: data.runs.map(({ limit }) => shown(limit)), start: 2,
  }, choose);
  choose(2);

  function choose(k) {
    run = data.runs[k];
    ticks = linesOf(run);
    at(page, "said").dataset.longest = ticks.reduce((long, { said }) => (said.length > long.length ? said : long), "");
    stepping(at(page, "steps"), {
      id: "s13-line", label: "lines carried out", last: ticks.length - 1, pause: 1100, text: (tick) => `step ${tick + 1} of ${ticks.length}`,
    }, tell);
    tell(0);
  }

  // Of every line carried out: which it is, what it changes, its figures, and what all variables hold after it.
  function linesOf({ limit, steps }) {
    const out = [], hold = { limit, j: "none yet", x: "", g: "", w: [0, 0], r: data.y };
    const carry = (line, said, changed = {}) => {
      Object.assign(hold, changed);
      out.push({ line, said, changed: Object.keys(changed), hold: { ...hold } });
    };
    carry([0], `w = (0, 0) and r = y = ${vector(data.y)}`, { w: [0, 0], r: data.y });
    steps.forEach(({ sweep, j, without, pull, killed, before, after, residual }, k) => {
      const name = `x${j + 1}`, x = data.columns[j];
      if (k === 0) carry([1], "Round 1.");
      else if (j === 0) carry([1], `After round ${sweep - 1} the largest total gradient is ${shown(largest(steps[k - 1].gradient))}, more than 0.001 · λ: round ${sweep}.`);
      carry([2], `It is the turn of ${name}.`, { j: j + 1, x: vector(x) });
      carry([3], `r = ${vector(hold.r)} + ${name}·${factor(before)} = ${vector(without)}`, { r: without });
      carry([4], `g${sub(j)} = ${name}ᵀr = ${product(x, without)} = ${shown(pull)}`, { g: pull });
      carry([5], `Is |${shown(pull)}| ≤ ${shown(limit)}? ${killed ? "Yes." : "No: go to else."}`);
      const w = hold.w.map((old, i) => (i === j ? after : old));
      if (killed) carry([6], `${name} is killed: w${sub(j)} is exactly 0.`, { w });
      else carry([7, 8], `${name} is kept: w${sub(j)} = ${division(steps[k], limit, dot(x, x))}`, { w });
      carry([9], `r = ${vector(without)} − ${name}·${factor(after)} = ${vector(residual)}`, { r: residual });
    });
    const last = steps[steps.length - 1], left = settled(largest(last.gradient), limit);
    carry([1], `After round ${last.sweep} the largest total gradient is ${shown(left)}${left ? ", no more than 0.001 · λ" : ""}: stop.`);
    return out;
  }

  function tell(k) {
    const { line, said, changed, hold } = ticks[k];
    lines.forEach((item, i) => {
      item.classList.toggle("lit", line.includes(i));
      item.setAttribute("aria-current", line[line.length - 1] === i ? "step" : "false");
    });
    tellAll(page, { limit: hold.limit, j: hold.j, x: hold.x, g: hold.g, w1: hold.w[0], w2: hold.w[1], said });
    residual(hold.r, hold.r.map(() => (changed.includes("r") ? "kept" : "")));
    for (const [name, row] of Object.entries(rows)) {
      const moved = name[0] === "w" ? Number(name[1]) === hold.j || hold.j === "none yet" : true;
      row.classList.toggle("changed", changed.includes(name[0] === "w" ? "w" : name) && moved);
    }
  }
});

section(9, (page, data) => {
  const { product, verdict, division } = sums(4);
  const names = data.columns.map((_, j) => `x${j + 1}`), titles = ["Residual", "Partial pull", "Kill or keep", "Residual again"];
  const bound = Math.max(...data.runs.map((run) => largest([...data.y, ...run.steps.flatMap((step) => step.without)])));
  const stages = titles.map((title, k) => {
    const value = element("span", { class: "steady" }, element("span", { "data-show": `stage-${k + 1}` })), item = element("li", {}, element("b", {}, title), value);
    at(page, "stages").append(item);
    return { item, value };
  });
  const residual = bars(at(page, "residual"), {
    names: data.y.map((_, i) => `row ${i + 1}`), bound, label: "The residual, one bar a row", caption: "The residual r",
  });
  for (const [j, name] of names.entries()) {
    const cell = (what) => element("td", {}, element("span", { "data-show": `${what}-${j + 1}` }));
    at(page, "features").append(element("tr", {}, element("th", { scope: "row" }, name), cell("weight"), cell("verdict"), cell("gradient")));
  }
  let run, steps, mark;
  const ahead = ["what a feature may explain", "g = xⱼᵀr", "is |g| within λ?", "what the next one meets"];

  // What the four stages of a visit do, with its numbers.
  function done(step) {
    const name = names[step.j], column = data.columns[step.j];
    return [
      step.before === 0 ? `${name} explains nothing now: r stays` : `r with ${name}’s part put back: r + ${factor(step.before)}·${name}`,
      `${name}ᵀr = ${product(column, step.without)} = ${shown(step.pull)}`,
      `${verdict(step, run.limit)}: ${step.killed ? "killed, w = 0" : `kept, w = ${division(step, run.limit, dot(column, column))}`}`,
      step.after === 0 ? "nothing to take off" : `r − ${factor(step.after)}·${name}`,
    ];
  }
  choice(at(page, "controls"), {
    id: "s9-limit", label: "λ, the most the penalty holds", options: data.runs.map(({ limit }) => shown(limit)), start: 1,
  }, choose);
  byId("s9-visit").addEventListener("click", () => steps.set(4 * (Math.floor(steps.value / 4) + 1)));
  choose(1);

  function choose(k) {
    run = data.runs[k];
    const last = run.steps.length, texts = run.steps.map(done);
    stages.forEach(({ value }, s) => {
      value.dataset.longest = texts.reduce((long, text) => (text[s].length > long.length ? text[s] : long), ahead[s]);
    });
    steps = stepping(at(page, "steps"), {
      id: "s9-stage", label: "stages of the visits", last: 4 * last, pause: 700, text: spoken,
    }, tell);
    const falls = [run.gradient, ...run.steps.map((step) => step.gradient)].map((values) => settled(largest(values), run.limit));
    at(page, "gradient").replaceChildren();
    const picture = plane(at(page, "gradient"), {
      x: [0, last], y: [0, Math.max(...falls) * 1.05 || 0.9], height: 190, names: ["visits made", "largest total gradient"],
      label: `The largest total gradient falls from ${shown(falls[0])} to 0 in ${last} visits`,
    });
    curve(picture, "total")(falls.map((value, visit) => [visit, value]));
    const dot = draw(picture.svg, "circle", { r: 6, class: "spot" });
    mark = (visit) => {
      change(dot, "cx", picture.x(visit).toFixed(2));
      change(dot, "cy", picture.y(falls[visit]).toFixed(2));
    };
    tell(0);
  }

  function spoken(k) {
    if (k === 0) return "start";
    const step = run.steps[Math.ceil(k / 4) - 1];
    return `round ${step.sweep}, ${names[step.j]}, stage ${((k - 1) % 4) + 1}`;
  }

  function tell(k) {
    const visit = Math.ceil(k / 4) - 1, stage = k === 0 ? 0 : ((k - 1) % 4) + 1, step = run.steps[visit], full = stage % 4 === 0 ? visit + 1 : visit;
    const gradient = (full === 0 ? run : run.steps[full - 1]).gradient.map((x) => settled(x, run.limit));
    const visiting = stage % 4 !== 0, met = stage >= 3 ? visit + 1 : full, w = weights(run, met), left = largest(gradient), over = k === 4 * run.steps.length;
    stages.forEach(({ item }, s) => {
      item.setAttribute("aria-current", s + 1 === stage ? "step" : "false");
      item.classList.toggle("ahead", s + 1 > stage);
    });
    residual(k === 0 ? data.y : stage === 4 ? step.residual : step.without);
    mark(full);
    const name = step && names[step.j];
    tellAll(page, {
      ...Object.fromEntries(ahead.map((text, s) => [`stage-${s + 1}`, stage <= s ? text : done(step)[s]])),
      largest: visiting ? "–" : left,
      state: visiting ? `${name} is being visited: it is known when the visit is over.` : left === 0 ? (over ? "All are in balance: finished, with a residual left." : "All are in balance: one more round would change nothing.")
        : full === 0 ? "None has been visited yet." : "At least one still wants to move.",
      ...Object.fromEntries(names.flatMap((_, j) => [
        [`weight-${j + 1}`, w[j]], [`gradient-${j + 1}`, visiting ? "–" : gradient[j]],
        [`verdict-${j + 1}`, j >= met ? "" : w[j] === 0 ? "killed" : "kept"],
      ])),
    });
    for (const j of names.keys()) {
      const place = page.querySelector(`[data-show="verdict-${j + 1}"]`);
      place.className = place.textContent;
    }
  }
});

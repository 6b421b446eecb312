section(2, (page, data) => {
  const largest = (slopes) => Math.max(...slopes.map(Math.abs));
  // A run stops where its total gradient is within 1e-8 of 0: what is smaller is rounding.
  const near = (x) => settled(x, 10);

  // ---- without a penalty: against the gradient --------------------------------------------------

  const map = plane(at(page, "map"), {
    x: [-0.5, 4.5], y: [-0.75, 3.75], height: 322, names: ["w₁", "w₂"], label: "The way down on a map of the loss, step by step",
    caption: "Lines of equal loss about the lowest point (+), the way so far, and the next step.",
  });
  const columns = [0, 1].map((j) => data.X.map((row) => row[j]));
  contours(map, [[0, 0], [0, 1], [1, 1]].map(([j, k]) => dot(columns[j], columns[k])), data.lowest, [0.25, 1, 2.25, 4, 6.25, 9, 12.25]);
  const [lowX, lowY] = data.lowest.map((value, j) => (j ? map.y(value) : map.x(value)));
  draw(map.svg, "path", { class: "marker", d: `M${lowX - 5} ${lowY}h10M${lowX} ${lowY - 5}v10` });
  const steps = draw(map.svg, "path", { class: "beads" });
  const way = curve(map, "data"), next = arrow(map.svg, "total"), here = draw(map.svg, "circle", { class: "dot alive", r: 6 });
  const course = plane(at(page, "course"), {
    x: [0, 40], y: [0, 13.9], height: 322, names: ["step", ""], label: "The loss and the larger slope over the steps",
    caption: "The loss ends at 1.5. The larger of the two slopes, without its sign, ends at 0.",
  });
  const lossLine = curve(course, "data"), slopeLine = curve(course, "penalty");
  const lossDot = draw(course.svg, "circle", { class: "dot data", r: 5 }), slopeDot = draw(course.svg, "circle", { class: "dot penalty", r: 5 });
  draw(course.svg, "text", { class: "halo", x: course.right, y: course.y(1.5) - 7, "text-anchor": "end" }, "loss");
  draw(course.svg, "text", { class: "halo", x: course.right, y: course.y(0) - 6, "text-anchor": "end" }, "larger slope");
  const from = choice(at(page, "downhill"), { id: "s2-start", label: "begin at w =", options: data.starts.map((w) => `(${w.map((x) => shown(x)).join(", ")})`) }, tellDownhill);
  const walk = stepper(at(page, "downhill"), { id: "s2-walk", label: "steps downhill", last: data.downhill[0].length - 1, pause: 350 }, tellDownhill);

  function tellDownhill() {
    const states = data.downhill[from.value], k = walk.value, { w, loss, gradient } = states[k];
    way(states.slice(0, k + 1).map((state) => state.w));
    change(steps, "d", states.slice(0, k + 1).map((state) => `M${map.x(state.w[0]).toFixed(2)} ${map.y(state.w[1]).toFixed(2)}h0`).join(""));
    next(map.x(w[0]), map.y(w[1]), map.x(w[0] - data.step * gradient[0]), map.y(w[1] - data.step * gradient[1]));
    mark(here, map, w);
    lossLine(states.map((state, i) => [i, state.loss]));
    slopeLine(states.map((state, i) => [i, largest(state.gradient)]));
    mark(lossDot, course, [k, loss]);
    mark(slopeDot, course, [k, largest(gradient)]);
    tellAll(page, {
      a1: w[0], a2: w[1], ga1: near(gradient[0]), ga2: near(gradient[1]), lossa: loss,
      verdicta: largest(gradient) >= 5e-4 ? "There is still a way down." : "To three decimals nothing is left of the gradient. The loss is far from 0.",
    });
  }

  // ---- with a penalty: one weight after the other ------------------------------------------------

  const last = Math.max(...data.runs.map((run) => run.states.length)) - 1;
  const losses = plane(at(page, "losses"), {
    x: [0, last], y: [0, 8.9], names: ["step", ""], label: "Data loss, penalty and objective over the steps",
    caption: "The objective, the thick line, is the sum of the two others, and only falls.",
  });
  const slopes = plane(at(page, "slopes"), {
    x: [0, last], y: [0, 5.9], names: ["step", ""], label: "The larger slope of the data loss, and the larger total gradient, over the steps",
    caption: "Of the two weights always the larger slope, without its sign. The thick line, of the total gradient, ends at 0.",
  });
  // Each name stands at its line, at a place of its own along it.
  const lines = [
    [losses, "data", "data loss", 0.3, (state) => state.loss], [losses, "penalty", "penalty", 0.6, (state) => state.penalty],
    [losses, "total", "objective", 0.87, (state) => state.loss + state.penalty],
    [slopes, "data", "slope of the data loss", 0.42, (state) => largest(state.data)],
    [slopes, "total", "total gradient", 0.87, (state) => largest(state.total)],
  ].map(([where, kind, word, share, value]) => ({
    where, value, line: curve(where, kind), dot: draw(where.svg, "circle", { class: `dot ${kind}`, r: 4.5 }),
    name: draw(where.svg, "text", { class: "halo", x: where.left + share * (where.right - where.left), "text-anchor": "middle" }, word),
  }));
  const limit = picker(at(page, "controls"), { id: "s2-limit", label: "λ, the price of a unit of weight", values: data.limits, start: 2 }, tell);
  const step = stepper(at(page, "controls"), { id: "s2-step", label: "steps of coordinate descent", last, pause: 500 }, tell);

  function tell() {
    const held = data.limits[limit.value], { states, rest } = data.runs[limit.value];
    // A run that is over stays where it ended.
    const state = (k) => states[Math.min(k, states.length - 1)], now = state(step.value);
    for (const { where, value, line, dot: spot, name } of lines) {
      // The penalty runs close below the objective: its name stands under it, unless the axis does.
      const end = value(state(last)), under = name.textContent === "penalty" && end > 1;
      change(name, "y", (where.y(end) + (under ? 16 : -7)).toFixed(2));
      line(Array.from({ length: last + 1 }, (_, k) => [k, value(state(k))]));
      mark(spot, where, [step.value, value(now)]);
    }
    const told = {};
    for (const j of [0, 1]) {
      Object.assign(told, { [`w${j + 1}`]: now.w[j], [`d${j + 1}`]: near(now.data[j]), [`t${j + 1}`]: near(now.total[j]), [`r${j + 1}`]: rest.w[j], [`left${j + 1}`]: held });
      told[`p${j + 1}`] = near(now.total[j] - now.data[j]);
    }
    const done = near(largest(now.total)) === 0, resting = "The total gradient is 0: the run is over";
    tellAll(page, {
      ...told, loss: near(now.loss), penalty: now.penalty, objective: near(now.loss) + now.penalty, price: 3 * held, priced: 3 * held,
      rloss: near(rest.loss), rpenalty: rest.penalty, robjective: near(rest.loss) + rest.penalty,
      verdict: !done ? "There is still a way down." : near(now.loss) === 0 ? `${resting}. Without a penalty the perfect fit is where it ends.`
        : `${resting}, at a loss that is not 0.`,
    });
  }

  function mark(circle, where, [a, b]) {
    change(circle, "cx", where.x(a).toFixed(2));
    change(circle, "cy", where.y(b).toFixed(2));
  }
  tellDownhill();
  tell();
});

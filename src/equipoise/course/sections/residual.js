section(6, (page, data) => {
  const kinds = ["three", "people"], holders = [], tables = kinds.map((kind) => table(kind, data[kind]));
  const which = choice(at(page, "which"), { id: "s6-data", label: "the data", options: ["three rows", "twelve people"] }, show);

  // The sliders, the picture and the numbers of one table; what it returns draws them anew.
  function table(kind, { X, y, names, limit, coef, bounds: [min, max, step] }) {
    const holder = element("div", {}), controls = element("div", { class: "controls" }), presets = element("div", { class: "fill" });
    const board = element("div", { class: "board" });
    holder.append(controls, presets, board);
    at(page, "tables").append(holder);
    holders.push(holder);
    // What the library found need not be a step of a slider: a slider that stands at the nearest one means it.
    let found = names.map(() => 0);
    const exact = (k, value) => (Math.abs(value - found[k]) <= step / 2 ? found[k] : value);
    const sliders = names.map((name, k) => slider(controls, {
      id: `s6-${kind}-${k + 1}`, label: `w${"₁₂₃"[k]}, the weight of ${name}`, min, max, step, value: 0, text: (value) => shown(exact(k, value)),
    }, tell));
    const row = slider(controls, { id: `s6-${kind}-row`, label: "the row to write out", min: 1, max: y.length, step: 1, value: 1 }, tell);
    const ready = [["all weights 0", found], ["no penalty", coef[0]], [`penalty λ = ${limit}`, coef[1]]];
    ready.forEach(([name, weights], k) => {
      const button = element("button", { type: "button", id: `s6-${kind}-ready-${k}` }, name);
      button.addEventListener("click", () => { found = weights; sliders.forEach((one, j) => one.set(weights[j])); });
      presets.append(button);
    });
    const draws = rows(board, X, y, [min, max]), cells = facts(board, kind, y);

    function tell() {
      const w = sliders.map((one, k) => exact(k, one.value));
      const predicted = X.map((x) => dot(x, w)), residual = y.map((value, i) => settled(value - predicted[i])), i = row.value - 1;
      draws(predicted, residual, i);
      cells(predicted, residual, i);
      const squares = dot(residual, residual), zero = w.every((value) => value === 0);
      tellAll(page, {
        row: String(i + 1), sum: X[i].map((x, k) => `${factor(x)} · ${factor(w[k])}`).join(" + "),
        predicted: predicted[i], measured: shown(y[i]), left: residual[i], squares, terms: y.length > 3 ? "" : `(${residual.map((r) => shown(r * r)).join(" + ")}) = ½ · `, loss: squares / 2,
        verdict: squares === 0 ? "Everything is explained." : zero ? "Nothing is explained yet." : "",
      });
    }
    return tell;
  }

  // Of each row y, below it ŷ, below it the residual as an arrow from ŷ to y, and beside them its square.
  function rows(board, X, y, [min, max]) {
    const tall = y.length > 3 ? 34 : 64, width = 360, height = tall * y.length + 24, part = tall > 40 ? 13 : 7;
    const reached = (pick) => X.map((line) => line.reduce((sum, value) => sum + pick(value * min, value * max), 0));
    const least = reached(Math.min), largest = reached(Math.max), low = Math.min(0, ...y, ...least), high = Math.max(...y, ...largest);
    const x = linear(low, high, 26, 262), most = Math.max(...y.map((value, i) => Math.max(value - least[i], largest[i] - value)));
    const side = linear(0, most, 0, tall - 2);
    const figure = element("figure", { class: "plane figure" });
    const svg = draw(figure, "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": "For each row the measured value, the predicted value, the residual between them, and its square" });
    board.append(figure);
    key(figure, [["bar-y", "y", "rect"], ["bar-hat", "ŷ", "rect"], ["penalty", "r, from ŷ to y", "arrow"], ["bar-square", "r², the area of a square", "rect"]]);
    const light = draw(svg, "rect", { class: "lit", x: 0, width, height: tall });
    const axis = draw(svg, "g", { class: "axis" });
    for (const value of ticks(low, high, 5)) {
      draw(axis, "line", { x1: x(value), x2: x(value), y1: 0, y2: tall * y.length });
      draw(axis, "text", { x: x(value), y: height - 8, "text-anchor": "middle" }, shown(value));
    }
    draw(axis, "text", { x: 316, y: height - 8, "text-anchor": "middle" }, "r²");
    const lanes = y.map((value, i) => {
      const top = i * tall + (tall - 3 * part - 4) / 2;
      draw(axis, "line", { x1: 0, x2: width, y1: (i + 1) * tall, y2: (i + 1) * tall });
      draw(svg, "text", { x: 2, y: top + 1.5 * part + 6 }, String(i + 1));
      draw(svg, "rect", { class: "bar-y", x: Math.min(x(0), x(value)), width: Math.abs(x(value) - x(0)), y: top, height: part });
      return {
        hat: draw(svg, "rect", { class: "bar-hat", y: top + part + 2, height: part }), middle: top + 2.5 * part + 4, arrow: arrow(svg, "penalty"),
        square: draw(svg, "rect", { class: "bar-square" }), center: (i + 0.5) * tall,
      };
    });
    return (predicted, residual, chosen) => {
      change(light, "y", String(chosen * tall));
      lanes.forEach((lane, i) => {
        const end = x(predicted[i]);
        change(lane.hat, "x", Math.min(x(0), end).toFixed(2));
        change(lane.hat, "width", Math.abs(end - x(0)).toFixed(2));
        lane.arrow(end, lane.middle, x(y[i]), lane.middle);
        const size = side(Math.abs(residual[i]));
        for (const [name, place] of Object.entries({ x: 316 - size / 2, y: lane.center - size / 2, width: size, height: size })) change(lane.square, name, place.toFixed(2));
      });
    };
  }

  // The same as numbers, a line each.
  function facts(board, kind, y) {
    const table = element("table", { class: "facts tight" }), body = element("tbody", {});
    table.append(element("thead", {}, element("tr", {}, ...["row", "y", "ŷ", "r", "r²"].map((name) => element("th", { scope: "col" }, name)))), body);
    board.append(element("div", { class: "wide" }, table));
    const lines = y.map((value, i) => {
      const cells = ["y", "hat", "r", "square"].map((name) => element("td", { "data-show": `${kind}-${name}${i + 1}` }));
      const line = element("tr", {}, element("th", { scope: "row" }, String(i + 1)), ...cells);
      cells[0].textContent = shown(value);
      body.append(line);
      return { line, cells };
    });
    return (predicted, residual, chosen) => lines.forEach(({ line, cells }, i) => {
      line.classList.toggle("lit", i === chosen);
      [predicted[i], residual[i], residual[i] ** 2].forEach((value, k) => write(cells[k + 1], value));
    });
  }

  function show() {
    holders.forEach((holder, k) => { holder.hidden = k !== which.value; });
    tables[which.value]();
  }
  show();
});

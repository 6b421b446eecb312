section(15, (page, data) => {
  const controls = at(page, "controls");
  const moved = picker(controls, { id: "s15-row", label: "y of row 3", values: data.moved, start: 8 }, tell);
  const l1 = picker(controls, { id: "s15-l1", label: "λ₁, which kills", values: data.l1, start: 2 }, tell);
  const l2 = picker(controls, { id: "s15-l2", label: "λ₂, which shares", values: data.l2, start: 2 }, tell);
  const ends = [data.moved[0], data.moved[data.moved.length - 1]];
  const pictures = ["Lasso: λ₁ alone", "Elastic net: λ₁ and λ₂"].map((name) => {
    const picture = plane(at(page, "pictures"), {
      x: ends, y: [-0.2, 1.2], height: 220, names: ["y of row 3", "w"], caption: name,
      label: `${name}: the three coefficients over y of row 3`,
    });
    draw(picture.svg, "line", { class: "border", x1: picture.left, x2: picture.right, y1: picture.y(0), y2: picture.y(0) });
    const lines = ["faint", "penalty", "data"].map((kind) => curve(picture, kind)).reverse();
    const marker = draw(picture.svg, "line", { class: "marker", y1: picture.top, y2: picture.bottom });
    const dots = ["dot alive first", "dot alive"].map((kind) => draw(picture.svg, "circle", { class: kind, r: 4.5 }));
    return { picture, lines, marker, dots };
  });
  const cells = table();

  function table() {
    const body = element("tbody"), own = [];
    data.y.forEach((value, i) => {
      const last = element("td", {}, shown(value));
      own.push(last);
      body.append(element("tr", {}, element("th", { scope: "row" }, `row ${i + 1}`), ...data.x.map((x) => element("td", {}, shown(x[i]))), last));
    });
    const head = ["x1", "x2", "x3", "y"].map((name) => element("th", { scope: "col" }, name));
    at(page, "rows").append(element("table", { class: "facts" }, element("thead", {}, element("tr", {}, element("td"), ...head)), body));
    return own;
  }

  function tell() {
    const k = moved.value, y = data.y.slice(), net = data.coef[l1.value][l2.value], lasso = data.coef[l1.value][data.l2.indexOf(0)];
    y[data.row] = data.moved[k];
    cells[data.row].textContent = shown(y[data.row]);
    const values = { l1: data.l1[l1.value], l2: data.l2[l2.value] };
    [["lasso", lasso], ["net", net]].forEach(([name, path], which) => {
      const w = path[k], { picture, lines, marker, dots } = pictures[which];
      w.forEach((value, j) => { values[`${name}-w${j + 1}`] = value; });
      values[`${name}-sum`] = w[0] + w[1];
      values[`${name}-zeros`] = `${w.filter((value) => value === 0).length} of 3`;
      values[`${name}-jump`] = Math.max(...path.slice(1).flatMap((next, i) => next.map((value, j) => Math.abs(value - path[i][j]))));
      lines.forEach((line, j) => line(data.moved.map((at, i) => [at, path[i][j]])));
      for (const end of ["x1", "x2"]) change(marker, end, picture.x(data.moved[k]).toFixed(2));
      dots.forEach((dot, j) => { change(dot, "cx", picture.x(data.moved[k]).toFixed(2)); change(dot, "cy", picture.y(w[j]).toFixed(2)); });
    });
    net[k].forEach((own, j) => {
      const left = y.map((value, i) => value - data.x.reduce((sum, x, m) => sum + (m === j ? 0 : x[i] * net[k][m]), 0));
      const square = dot(data.x[j], data.x[j]), partial = dot(data.x[j], left);
      Object.assign(values, { [`partial${j + 1}`]: partial, [`square${j + 1}`]: square, [`update${j + 1}`]: soft(partial, values.l1) / (square + 2 * values.l2) });
    });
    tellAll(page, { ...values, verdict: verdict(lasso[k], net[k]) });
  }

  const who = ([a, b]) => (a && b ? "shares between x1 and x2" : a ? "gives all to x1" : b ? "gives all to x2" : "kills both");

  function verdict(lasso, net) {
    if (data.l2[l2.value] === 0) return `λ₂ is 0: the elastic net is the lasso, which ${who(lasso)}.`;
    return `The lasso ${who(lasso)}. The elastic net ${who(net)}.`;
  }

  tell();
});

section(8, (page, data) => {
  // ---- two arrows ------------------------------------------------------------------------------

  // One unit is as long upwards as sideways, and about the reach of the tips there is room for their names.
  const reach = { x: [-6, 6], y: [-4, 4] }, ground = plane(at(page, "vectors"), {
    x: [-7, 7], y: [-5, 5], height: 267, label: "Two arrows a and b from the origin, and the shadow of b on a",
  });
  const { svg, x, y } = ground;
  for (const across of [[x(-7), x(7), y(0), y(0)], [x(0), x(0), y(-5), y(5)]]) {
    draw(svg, "line", { class: "zero", x1: across[0], x2: across[1], y1: across[2], y2: across[3] });
  }
  const shadow = draw(svg, "line", { class: "shadow" }), fall = draw(svg, "line", { class: "border" });
  const arrows = [arrow(svg, "data"), arrow(svg, "penalty")];
  const names = ["a", "b"].map((name) => draw(svg, "text", { class: "amount", "text-anchor": "middle" }, name));
  const tips = [["a", [3, 1]], ["b", [2, 3]]].map(([name, start]) => handle(ground, {
    label: `the tip of ${name}`, ...reach, step: 0.5, start, text: ([across, up]) => `${name} = (${shown(across)}, ${shown(up)})`,
  }, tell));
  svg.querySelectorAll(".handle").forEach((group, k) => { group.id = `s8-${"ab"[k]}`; });
  const products = bars(at(page, "products"), { names: ["a₁b₁", "a₂b₂", "aᵀb"], bound: 52, label: "The products of the places, and their sum" });

  function tell() {
    const [a, b] = tips.map((tip) => tip.value), lengths = [a, b].map((v) => Math.hypot(...v)), product = dot(a, b);
    [a, b].forEach((v, k) => {
      arrows[k](x(0), y(0), x(v[0]), y(v[1]));
      const out = 1 + 0.65 / (lengths[k] || 1);
      change(names[k], "x", x(lengths[k] ? v[0] * out : -0.4).toFixed(2));
      change(names[k], "y", (y(lengths[k] ? v[1] * out : 0.4) + 4).toFixed(2));
    });
    const flat = lengths[0] ? product / lengths[0] ** 2 : 0, foot = [x(flat * a[0]), y(flat * a[1])];
    const lines = [[shadow, [x(0), y(0)]], [fall, [x(b[0]), y(b[1])]]];
    for (const [line, from] of lines) {
      for (const [name, value] of Object.entries({ x1: from[0], y1: from[1], x2: foot[0], y2: foot[1] })) change(line, name, value.toFixed(2));
    }
    products([a[0] * b[0], a[1] * b[1], product], a.map((value, k) => (value * b[k] < 0 ? "faint" : "kept")).concat(""));
    const none = lengths[0] * lengths[1] === 0, angle = Math.abs(Math.atan2(a[0] * b[1] - a[1] * b[0], product));
    at(page, "turn").hidden = none;
    tellAll(page, {
      terms: a.map((value, k) => `${factor(value)} · ${factor(b[k])}`).join(" + "), product,
      "length-a": lengths[0], "length-b": lengths[1], angle: none ? "?" : (angle * 180) / Math.PI,
      aligned: lengths[0] * lengths[1] * Math.cos(angle),
      verdict: none ? "An arrow of no length has no direction: the inner product is 0."
        : product > 0 ? "Above 0: less than a right angle, they point more or less the same way."
          : product < 0 ? "Below 0: more than a right angle, they point more or less opposite ways." : "Exactly 0: a right angle, no part of one points along the other.",
    });
  }

  // ---- two columns -----------------------------------------------------------------------------

  const feature = choice(at(page, "controls"), { id: "s8-feature", label: "the feature a, beside progression b", options: data.features, start: 1 }, correlate);
  const cloud = plane(at(page, "scatter"), {
    x: [-2.6, 2.6], y: [-2.2, 2.2], height: 300, names: ["the feature, standardised", "progression, standardised"], label: "Each person as a point: the feature across, the progression up",
  });
  for (const [left, top] of [[0, 2.2], [-2.6, 0]]) {
    cloud.svg.prepend(draw(cloud.svg, "rect", { class: "zone border", x: cloud.x(left), y: cloud.y(top), width: cloud.x(2.6) - cloud.x(0), height: cloud.y(0) - cloud.y(2.2) }));
  }
  const leads = data.y.map(() => draw(cloud.svg, "line", { class: "lead" })), dots = leads.map(() => draw(cloud.svg, "circle", { r: 5 }));
  const numbers = dots.map((_, i) => draw(cloud.svg, "text", { class: "quiet", "text-anchor": "middle" }, String(i + 1)));
  const people = bars(at(page, "people"), { names: data.y.map((_, i) => `person ${i + 1}`), bound: 4.5, label: "For each person the product of the two standardised values" });

  // The number of each person beside the point; where it is crowded, farther off, at the end of a line.
  function label(points) {
    const taken = points.slice();
    points.forEach(([x, y], i) => {
      const ring = (size) => [6, 0, 4, 2, 7, 5, 1, 3].map((k) => [x + size * Math.cos((k * Math.PI) / 4), y + size * Math.sin((k * Math.PI) / 4)]);
      const room = ([a, b]) => Math.min(...taken.map((one, k) => (k === i ? 18 : Math.hypot(one[0] - a, one[1] - b))));
      const places = [...ring(14), ...ring(25)], place = places.find((one) => room(one) >= 16) ?? places.reduce((best, one) => (room(one) > room(best) ? one : best));
      taken.push(place);
      const far = Math.hypot(place[0] - x, place[1] - y) > 15, end = far ? [x + 0.65 * (place[0] - x), y + 0.65 * (place[1] - y)] : [x, y];
      for (const [name, value] of Object.entries({ x1: x, y1: y, x2: end[0], y2: end[1] })) change(leads[i], name, value.toFixed(2));
      change(numbers[i], "x", place[0].toFixed(2));
      change(numbers[i], "y", (place[1] + 4).toFixed(2));
    });
  }

  function correlate() {
    const column = data.columns[feature.value], each = column.map((value, i) => value * data.y[i]), count = data.y.length;
    const kinds = each.map((value) => (value < 0 ? "faint" : "kept")), total = data.pulls[feature.value];
    dots.forEach((node, i) => {
      change(node, "cx", cloud.x(column[i]).toFixed(2));
      change(node, "cy", cloud.y(data.y[i]).toFixed(2));
      change(node, "class", `person ${kinds[i]}`);
    });
    label(column.map((value, i) => [cloud.x(value), cloud.y(data.y[i])]));
    people(each, kinds);
    const sum = (sign) => each.reduce((so, value) => (value * sign > 0 ? so + value : so), 0);
    tellAll(page, {
      above: sum(1), below: sum(-1), inner: total, count: String(count), correlation: total / count,
      says: `Of these people, those with a ${total > 0 ? "higher" : "lower"} ${data.features[feature.value]} tend to get worse faster.`,
    });
  }
  tell();
  correlate();
});

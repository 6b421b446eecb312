section(11, (page, data) => {
  const pull = dot(data.x, data.y), squares = dot(data.x, data.x), wide = [-1, 3], box = [-7, 13];
  const zooms = [1, 10, 100, 1e3, 1e4, 1e5, 1e6];
  const zoom = picker(at(page, "zoom"), { id: "s11-zoom", label: "zoom in at w = 0", values: zooms, text: (z) => `${shown(z)} times` }, tell);
  const first = picker(at(page, "control-l1"), { id: "s11-l1", label: "λ₁", values: data.first.limits, start: 24 }, tell);
  const second = picker(at(page, "control-l2"), { id: "s11-l2", label: "λ₂", values: data.second.limits, start: 5 }, tell);
  const pictures = { l1: near("l1", "L1"), l2: near("l2", "L2") }, curves = { l1: falling(), l2: shrinking() };
  key(at(page, "zoom"), [["data", "gain"], ["penalty", "cost"], ["total", "cost − gain: lowest at the dot"]]);

  // Cost and gain around w = 0, both axes stretched by the zoom.
  function near(holder, name) {
    const picture = plane(at(page, `near-${holder}`), {
      x: wide, y: box, height: 250, label: `Cost of the ${name} penalty and gain of the loss near w = 0`,
    });
    const { svg, x, y } = picture;
    const across = draw(svg, "text", { class: "quiet", x: x(1), y: picture.bottom + 33, "text-anchor": "middle" });
    const up = draw(svg, "text", { class: "quiet", x: 8, y: 11 }), away = draw(svg, "text", { class: "quiet", x: x(3), y: 11, "text-anchor": "end" });
    draw(svg, "line", { class: "zero", x1: x(0), x2: x(0), y1: picture.top, y2: picture.bottom });
    const lines = ["data", "penalty", "total"].map((kind) => curve(picture, kind)), dotted = draw(svg, "circle", { class: "still", r: 6 });
    return (cost, w) => {
      const z = zooms[zoom.value], times = z === 1 ? "" : ` · ${shown(z)}`;
      const gain = (u) => pull * u - (0.5 * squares * u * u) / z, costs = (u) => z * cost(u / z), both = (u) => costs(u) - gain(u);
      across.textContent = `w${times}`;
      up.textContent = `gain, cost${times}`;
      [gain, costs, both].forEach((f, k) => lines[k](within(f, wide, box, 400)));
      const inside = w * z <= wide[1];
      change(dotted, "cx", x(inside ? w * z : 0).toFixed(2));
      change(dotted, "cy", y(inside ? both(w * z) : 0).toFixed(2));
      change(dotted, "visibility", inside ? "visible" : "hidden");
      away.textContent = inside ? "" : "the lowest point is further on →";
    };
  }

  // The weight over λ1: a straight line that ends in 0.
  function falling() {
    const { limits, coef } = data.first;
    const picture = plane(at(page, "far-l1"), { x: [0, 8], y: [0, 2.6], height: 200, names: ["λ₁", "w"], label: "The weight over λ₁: it falls to 0 at λ₁ = 5 and stays" });
    curve(picture, "total")(limits.map((limit, k) => [limit, coef[k]]));
    draw(picture.svg, "text", { class: "quiet", x: picture.x(6.5), y: picture.y(0.22), "text-anchor": "middle" }, "exactly 0");
    const spot = draw(picture.svg, "circle", { class: "still", r: 6 });
    return (k) => { change(spot, "cx", picture.x(limits[k]).toFixed(2)); change(spot, "cy", picture.y(coef[k]).toFixed(2)); };
  }

  // The weight over λ2, each line a hundred times the last: no end of it. λ2 = 0 stands apart.
  function shrinking() {
    const { limits, coef } = data.second, low = -3, place = (limit) => (limit ? Math.log10(limit) : low);
    const picture = plane(at(page, "far-l2"), {
      x: [low, 6.2], y: [-6, 0.8], height: 200, grid: false, names: ["λ₂ (from 0.01 on, a hundred times from mark to mark)", "w"], label: "The weight over λ₂, both on scales of factors: it falls on and on and never reaches 0",
    });
    const { svg, x, y, left, right, bottom } = picture, axis = draw(svg, "g", { class: "axis" });
    for (const [power, name] of [[0, "1"], [-2, "0.01"], [-4, "0.0001"], [-6, "10⁻⁶"]]) {
      draw(axis, "line", { x1: left, x2: right, y1: y(power), y2: y(power) });
      draw(axis, "text", { x: left - 5, y: y(power) + 4, "text-anchor": "end" }, name);
    }
    for (const [power, name] of [[low, "0"], [-2, "0.01"], [0, "1"], [2, "100"], [4, "10⁴"], [6, "10⁶"]]) {
      draw(axis, "line", { x1: x(power), x2: x(power), y1: bottom, y2: bottom + 4 });
      draw(axis, "text", { x: x(power), y: bottom + 16, "text-anchor": "middle" }, name);
    }
    const points = limits.map((limit, k) => [place(limit), Math.log10(coef[k])]);
    curve(picture, "total")(points.slice(1));
    const spot = draw(svg, "circle", { class: "still", r: 6 });
    return (k) => { change(spot, "cx", x(points[k][0]).toFixed(2)); change(spot, "cy", y(points[k][1]).toFixed(2)); };
  }

  function tell() {
    const l1 = data.first.limits[first.value], l2 = data.second.limits[second.value];
    const lasso = data.first.coef[first.value], ridge = data.second.coef[second.value];
    pictures.l1((w) => l1 * Math.abs(w), lasso);
    pictures.l2((w) => l2 * w * w, ridge);
    curves.l1(first.value);
    curves.l2(second.value);
    tellAll(page, {
      low: -l1, high: l1, "left-l1": Math.max(0, pull - l1), lasso, ridge, strength: shown(l2),
      "verdict-l1": lasso === 0 ? "exactly: killed." : "= (5 − λ₁) / 2: kept.",
      "verdict-l2": !l2 ? " without a penalty." : `, not 0: 1/${shown(data.second.coef[0] / ridge)} of what it is without a penalty.`,
    });
  }
  tell();
});

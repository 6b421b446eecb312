section(5, (page, data) => {
  const reach = 7;

  // The interval of slopes on a line of its own; call what it returns with the limit and the number to mark.
  function interval(holder, label, name) {
    const width = 360, x = linear(-reach - 1, reach + 1, 10, width - 10), middle = 34;
    const figure = element("figure", { class: "plane figure" });
    const svg = draw(figure, "svg", { viewBox: `0 0 ${width} 94`, role: "img", "aria-label": label });
    at(page, holder).append(figure);
    const zone = draw(svg, "rect", { class: "zone border", y: middle - 11, height: 22, rx: 3 });
    const axis = draw(svg, "g", { class: "axis" });
    draw(axis, "line", { x1: x(-reach - 1), x2: x(reach + 1), y1: middle, y2: middle });
    for (let value = -6; value <= 6; value += 2) draw(axis, "text", { x: x(value), y: 76, "text-anchor": "middle" }, shown(value));
    draw(svg, "text", { class: "quiet", x: width / 2, y: 91, "text-anchor": "middle" }, "slope");
    const ends = [-1, 1].map((side) => [side, draw(svg, "text", { y: 58, "text-anchor": "middle" }, side < 0 ? "−λ" : "λ")]);
    const mark = draw(svg, "circle", { class: "still", cy: middle, r: 6 });
    const word = draw(svg, "text", { y: 15, "text-anchor": "middle", class: "amount" }, name);
    return (limit, value) => {
      change(zone, "x", x(-limit).toFixed(2));
      change(zone, "width", (x(limit) - x(-limit)).toFixed(2));
      // Where the ends meet, their names stand side by side.
      for (const [side, text] of ends) change(text, "x", (x(0) + side * Math.max(10, x(limit) - x(0))).toFixed(2));
      change(mark, "cx", x(value).toFixed(2));
      change(word, "x", x(value).toFixed(2));
    };
  }

  // ---- the kink and its fan --------------------------------------------------------------------

  const controls = at(page, "controls"), size = { x: [-2, 2], height: 270 }, tall = [-6, 8];
  const limit = slider(controls, { id: "s5-limit", label: "λ, the price of a unit", min: 0, max: 4, step: 0.25, value: 2 }, tell);
  const weight = slider(controls, { id: "s5-weight", label: "the weight w", min: -2, max: 2, step: 0.1, value: 1 }, tell);
  const left = plane(at(page, "slope"), {
    ...size, y: tall, names: ["w", "λ|w|"], label: "The penalty over the weight, and its slope at one place", caption: "The slope at one place",
  });
  const right = plane(at(page, "fan"), {
    ...size, y: tall, names: ["w", "λ|w|"], label: "The penalty over the weight, and the fan of lines below its kink", caption: "All slopes in the kink",
  });
  const tangent = curve(left, "data"), fan = Array.from({ length: 9 }, () => curve(right, "faint"));
  const over = draw(right.svg, "polygon", { class: "over" });
  const lines = [curve(left, "penalty"), curve(right, "penalty")], chosen = curve(right, "data");
  const spot = draw(left.svg, "circle", { class: "still", r: 5 });
  const strip = interval("interval", "The interval of slopes in the kink, from minus λ to λ, and the slope of the line", "the line");
  const slope = handle(right, {
    label: "the slope of the line", x: [1, 1], y: [-5, 5], step: 0.25, start: [1, 1], free: "y", text: ([, s]) => `slope ${shown(s)}`,
  }, tell);
  right.svg.querySelector(".handle").id = "s5-slope";

  function tell() {
    const held = limit.value, w = weight.value, [, s] = slope.value, outside = Math.abs(s) > held;
    const at0 = w === 0, steep = held * Math.sign(w), penalty = held * Math.abs(w);
    const straight = (a) => within((x) => a * x, size.x, tall);
    const kink = [[-2, 2 * held], [0, 0], [2, 2 * held]];
    for (const line of lines) line(kink);
    tangent(at0 ? [] : straight(steep));
    change(spot, "cx", left.x(w).toFixed(2));
    change(spot, "cy", left.y(penalty).toFixed(2));
    fan.forEach((line, k) => line(straight(held * (k / 4 - 1))));
    chosen(straight(s));
    // Above the curve is the line on the side on which it climbs.
    const side = Math.sign(s), far = Math.min(2, 8 / Math.abs(s));
    const corners = outside ? [[0, 0], [side * far, Math.abs(s) * far], [side * far, held * far]] : [];
    change(over, "points", corners.map(([a, b]) => `${right.x(a).toFixed(1)},${right.y(b).toFixed(1)}`).join(" "));
    strip(held, s);
    tellAll(page, {
      place: w, penalty, slope: !at0 ? steep : held ? `any number from ${shown(-held)} to ${shown(held)}` : 0, line: s,
      fits: outside
        ? `above the curve for every w ${side > 0 ? ">" : "<"} 0; at w = ${shown(side)} the line is at ${shown(Math.abs(s))}, the curve at ${shown(held)}. No subgradient.`
        : `nowhere above the curve. ${shown(s)} lies in [${shown(-held)}, ${shown(held)}]: a subgradient.`,
    });
  }

  // ---- the pull in the interval ----------------------------------------------------------------

  const more = at(page, "controls-kill"), box = [-9.5, 9.5], wide = [-3.2, 3.2];
  const price = picker(more, { id: "s5-price", label: "λ", values: data.limits, start: 12 }, kill);
  const first = picker(more, { id: "s5-first", label: "y₁, the first row's y", values: data.first, start: 11 }, kill);
  const third = plane(at(page, "objective"), {
    x: wide, y: box, height: 250, names: ["w", "change from w = 0"], label: "Loss, penalty and total, as changes from their values at w = 0",
  });
  const loss = curve(third, "data"), cost = curve(third, "penalty"), total = curve(third, "total");
  const lowest = draw(third.svg, "circle", { class: "still", r: 6 });
  const pulled = interval("kill", "The interval from minus λ to λ, and the pull of the data at w = 0", "the pull");
  key(at(page, "objective"), [["data", "loss"], ["penalty", "penalty"], ["total", "total, lowest at the dot"]]);

  function kill() {
    const held = data.limits[price.value], y = [data.first[first.value], 2, 1], rest = data.coef[first.value][price.value];
    const pull = dot(data.x, y), squares = dot(data.x, data.x);
    const fall = (w) => 0.5 * squares * w * w - pull * w, both = (w) => fall(w) + held * Math.abs(w);
    loss(within(fall, wide, box));
    cost(within((w) => held * Math.abs(w), wide, box));
    total(within(both, wide, box));
    change(lowest, "cx", third.x(rest).toFixed(2));
    change(lowest, "cy", third.y(both(rest)).toFixed(2));
    pulled(held, pull);
    const killed = Math.abs(pull) <= held;
    tellAll(page, {
      pull, low: -held, high: held, rest, left: pull - squares * rest,
      verdict: killed && !held ? "w = 0, but nothing holds it: λ is 0." : killed ? "The pull lies in it: killed." : `The pull is outside, by ${shown(Math.abs(pull) - held)}: kept.`,
    });
  }
  tell();
  kill();
});

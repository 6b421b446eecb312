section(4, (page, data) => {
  const controls = at(page, "controls");
  const limit = picker(controls, { id: "s4-limit", label: "λ, the most the penalty holds", values: data.limits, start: 24 }, tell);
  const weight = slider(controls, { id: "s4-weight", label: "the weight w", min: -1, max: 3.5, step: 0.05, value: 1 }, tell);
  // The resting place need not be a step of the slider.
  let resting = false;
  byId("s4-go").addEventListener("click", () => { weight.set(data.rest[limit.value]); resting = true; tell(); });

  // Three lanes over one axis, each with its name and its number at the left.
  const width = 360, tall = 52, x = linear(-10, 15, 112, width - 8), floor = 3 * tall;
  const figure = element("figure", { class: "plane figure" });
  const svg = draw(figure, "svg", {
    viewBox: `0 0 ${width} ${floor + 36}`, role: "img", "aria-label": "The data's pull, the penalty's force and what is left of the two, as arrows in three lanes",
  });
  at(page, "arrows").append(figure);
  const zone = draw(svg, "rect", { class: "zone border", y: tall + 6, height: tall - 12, rx: 3 });
  const axis = draw(svg, "g", { class: "axis" });
  for (let k = 0; k <= 3; k++) draw(axis, "line", { x1: 0, x2: width, y1: k * tall, y2: k * tall });
  for (const value of [-10, -5, 0, 5, 10, 15]) {
    draw(axis, "line", { x1: x(value), x2: x(value), y1: value ? floor : 0, y2: floor + 4 });
    draw(axis, "text", { x: x(value), y: floor + 17, "text-anchor": "middle" }, shown(value));
  }
  draw(svg, "text", { class: "quiet", x: x(2.5), y: floor + 32, "text-anchor": "middle" }, "← towards smaller w\u2003\u2003towards larger w →");
  const lane = (k, kind, name, show) => {
    draw(svg, "text", { x: 2, y: (k + 0.5) * tall - 5 }, name);
    draw(svg, "text", { x: 2, y: (k + 0.5) * tall + 14, "data-show": show, class: "amount" });
    const draws = arrow(svg, kind);
    return (length) => draws(x(0), (k + 0.5) * tall, x(length), (k + 0.5) * tall);
  };
  const pull = lane(0, "data", "the data pull", "pull"), answer = lane(1, "penalty", "penalty’s force", "held");
  const total = lane(2, "total", "what is left", "left");
  const still = draw(svg, "circle", { class: "still", cx: x(0), cy: 2.5 * tall, r: 6 });
  const word = draw(svg, "text", { x: x(0) + 14, y: 2.5 * tall + 4 });

  function tell() {
    const held = data.limits[limit.value], rest = data.rest[limit.value];
    if (Math.abs(weight.value - rest) > 0.025) resting = false;
    const w = resting ? rest : weight.value;
    const pulled = settled(dot(data.x, data.y.map((value, i) => value - w * data.x[i])));
    const answered = w === 0 ? Math.max(-held, Math.min(held, pulled)) : Math.sign(w) * held;
    const gradient = settled(answered - pulled), frozen = gradient === 0;
    pull(pulled);
    answer(-answered);
    total(-gradient);
    change(zone, "x", x(-held).toFixed(2));
    change(zone, "width", (x(held) - x(-held)).toFixed(2));
    change(still, "visibility", frozen ? "visible" : "hidden");
    word.textContent = !frozen ? "" : w === 0 ? "nothing: killed, w = 0" : `nothing: w rests at ${shown(w)}`;
    tellAll(page, {
      pull: pulled, answer: answered, held: -answered, left: -gradient, gradient, rest,
      verdict: !frozen ? `It moves the weight ${gradient < 0 ? "up" : "down"}.` : w === 0 ? "Killed: w is exactly 0, and stays." : "In balance: w is kept, and rests.",
    });
  }
  tell();
});

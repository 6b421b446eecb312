section(4, (page, data) => {
  const reach = 8, controls = at(page, "controls");
  const picture = plane(at(page, "arrows"), {
    x: [-reach, reach], y: [0, 3], height: 150, grid: false, label: "The data's pull and the penalty's answer as two opposing arrows",
  });
  const { svg, x, y } = picture;
  draw(svg, "line", { class: "zero", x1: x(0), x2: x(0), y1: picture.top, y2: picture.bottom });
  const zone = draw(svg, "rect", { class: "zone", y: y(1.35), height: y(0.1) - y(1.35) });
  const pull = arrow(svg, "data"), answer = arrow(svg, "penalty"), total = arrow(svg, "total");
  for (const [height, word] of [[2.4, "pull of the data"], [1.15, "answer of the penalty"], [0.5, "left over: this moves w"]]) {
    draw(svg, "text", { class: "quiet", x: 4, y: y(height) - 7 }, word);
  }
  const limit = picker(controls, { id: "s4-limit", label: "λ, the most the penalty holds", values: data.limits, start: 24 }, tell);
  const weight = slider(controls, { id: "s4-weight", label: "the weight w", min: -1, max: 3.5, step: 0.05, value: 1 }, tell);
  // The resting place need not be a step of the slider.
  let resting = false;
  byId("s4-go").addEventListener("click", () => { weight.set(data.rest[limit.value]); resting = true; tell(); });

  function tell() {
    const held = data.limits[limit.value], rest = data.rest[limit.value];
    if (Math.abs(weight.value - rest) > 0.025) resting = false;
    const w = resting ? rest : weight.value;
    const pulled = dot(data.x, data.y.map((value, i) => value - w * data.x[i]));
    const answered = w === 0 ? Math.max(-held, Math.min(held, pulled)) : Math.sign(w) * held;
    const left = answered - pulled;
    pull(x(0), y(2), x(pulled), y(2));
    answer(x(0), y(1), x(-answered), y(1));
    total(x(0), y(0.35), x(-left), y(0.35));
    change(zone, "x", x(-held).toFixed(2));
    change(zone, "width", (x(held) - x(-held)).toFixed(2));
    const frozen = Math.abs(left) < 1e-9;
    tellAll(page, {
      pull: pulled, answer: answered, gradient: frozen ? 0 : left, rest,
      verdict: !frozen ? `It moves the weight ${left < 0 ? "up" : "down"}.` : w === 0 ? "Killed: w is exactly 0, and stays." : "In balance: w is kept, and rests.",
    });
  }
  tell();
});

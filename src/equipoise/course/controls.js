// What the sections are made of: sliders, steps, choices, planes with curves, arrows, and points to drag.

const lessons = JSON.parse(byId("lessons-data").textContent);

// Builds section k, where the page has it, from the numbers of the library. One that fails says so, and leaves the others alone.
function section(k, build) {
  const page = byId(`s${k}`);
  if (!page) return;
  try {
    build(page, lessons[`s${k}`]);
  } catch (error) {
    page.querySelector(".play").before(element("p", { class: "failed", role: "alert" }, "What moves in this section failed; what stands in words does not."));
    reportError(error);
  }
}

// Where equal numbers cancel, floating point leaves 4e-16: a thousand-millionth of what they were (at least of 1) is 0.
const settled = (x, size = 1) => (Math.abs(x) <= 1e-9 * Math.max(Math.abs(size), 1) ? 0 : x);

// Numbers are read with a minus sign, not with a hyphen.
const minus = (text) => text.replace(/-/g, "−");

// A number as it is read: four digits say enough, and of a large one all those before the point.
function shown(x, digits = 4) {
  const value = settled(x), size = Math.abs(value);
  if (!(size >= 1e-6 && size < 1e7)) return minus(number(value, digits));
  return minus(String(Number(value.toFixed(Math.max(0, digits - 1 - Math.floor(Math.log10(size)))))));
}

// A number as a factor: a negative one in brackets.
const factor = (x, digits) => (x < 0 ? `(${shown(x, digits)})` : shown(x, digits));

// Values for tellAll that are written otherwise: with seven digits, where they are the subject; as a percentage.
const exactly = (x) => ({ value: settled(x), text: shown(x, 7) });
const percent = (x) => ({ value: x, text: minus(x.toFixed(1)) });

// The place in a section that its HTML marks with data-at.
const at = (page, name) => page.querySelector(`[data-at="${name}"]`);

// Writes values into the places that the HTML of a section marks with data-show.
function tellAll(page, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const node of page.querySelectorAll(`[data-show="${name}"]`)) write(node, value);
  }
}

// Writes a text, a number, or a number with a text of its own; of a number all digits stay in data-value.
function write(node, told) {
  const { value, text } = typeof told === "number" ? { value: settled(told), text: shown(told) } : told.text ? told : { text: told };
  if (node.textContent !== text) node.textContent = text;
  if (value === undefined) delete node.dataset.value;
  else node.dataset.value = String(value);
}

// ---- controls ----------------------------------------------------------------------------------

// A slider over numbers. `text` writes its value; `changed` hears of it. Returns { value, set }.
function slider(holder, { id, label, min, max, step, value, text = shown }, changed) {
  const input = element("input", { type: "range", id, min, max, step, value });
  const output = element("output", { for: id });
  holder.append(element("div", { class: "control" }, element("label", { for: id }, label, " ", output), input));
  const tell = () => {
    output.textContent = text(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  const own = {
    get value() { return Number(input.value); },
    set(x) { input.value = x; tell(); changed(own.value); },
  };
  input.addEventListener("input", () => { tell(); changed(own.value); });
  tell();
  return own;
}

// A slider over the entries of a list: at each place there are numbers of the library.
function picker(holder, { id, label, values, start = 0, text = shown }, changed) {
  return slider(holder, { id, label, min: 0, max: values.length - 1, step: 1, value: start, text: (k) => text(values[k]) }, changed);
}

// One of a few: radio buttons.
function choice(holder, { id, label, options, start = 0 }, changed) {
  const box = element("div", { class: "options" });
  const inputs = options.map((name, k) => {
    const input = element("input", { type: "radio", name: id, id: `${id}-${k}`, value: k });
    input.checked = k === start;
    input.addEventListener("change", () => { if (input.checked) changed(k); });
    box.append(element("label", {}, input, name));
    return input;
  });
  holder.append(element("fieldset", { class: "control", id }, element("legend", {}, label), box));
  return { get value() { return inputs.findIndex((input) => input.checked); } };
}

// Steps of a run, forwards and back, or played; the last one is `last`.
function stepper(holder, { id, label, last, start = 0, pause = 900, text = (k) => `${k} of ${last}` }, changed) {
  const button = (name, spoken) => element("button", { type: "button", "aria-label": spoken, id: `${id}-${spoken.split(" ").pop()}` }, name);
  const play = element("button", { type: "button", id: `${id}-play` }, "▶ Play");
  const back = button("◀", "One step back"), on = button("▶", "One step on");
  const input = element("input", { type: "range", id, min: 0, max: last, step: 1, value: start, "aria-label": label });
  const output = element("output", { for: id });
  holder.append(element("div", { class: "control stepping", role: "group", "aria-label": label }, play, back, on, input, output));
  let timer = null;
  const stop = () => { clearTimeout(timer); timer = null; play.textContent = "▶ Play"; };
  const say = () => {
    output.textContent = text(Number(input.value));
    input.setAttribute("aria-valuetext", output.textContent);
  };
  const go = (k) => { input.value = k; say(); changed(Number(input.value)); };
  const run = () => {
    go(Number(input.value) + 1);
    if (Number(input.value) === last) stop();
    else timer = setTimeout(run, pause);
  };
  play.addEventListener("click", () => {
    if (timer !== null) return stop();
    if (Number(input.value) === last) go(0);
    play.textContent = "❚❚ Pause";
    timer = setTimeout(run, 300);
  });
  back.addEventListener("click", () => { stop(); go(Number(input.value) - 1); });
  on.addEventListener("click", () => { stop(); go(Number(input.value) + 1); });
  input.addEventListener("input", () => { stop(); go(Number(input.value)); });
  say();
  return { get value() { return Number(input.value); }, set(k) { stop(); go(k); } };
}

// ---- pictures ----------------------------------------------------------------------------------

// A figure with two axes. Returns { svg, x, y, left, right, top, bottom }; x and y are scales.
function plane(holder, { x: [low, high], y: [below, above], label, names = ["", ""], height = 260, grid = true, caption = "" }) {
  const width = 360, left = 48, right = width - 14, top = 16, bottom = height - 38;
  const figure = element("figure", { class: "plane figure" });
  const svg = draw(figure, "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  if (caption) figure.append(element("figcaption", {}, caption));
  holder.append(figure);
  const x = linear(low, high, left, right), y = linear(below, above, bottom, top);
  if (grid) {
    axisY(svg, y, below, above, left, right, shown);
    const axis = draw(svg, "g", { class: "axis" });
    draw(axis, "line", { x1: left, x2: right, y1: bottom, y2: bottom });
    for (const value of ticks(low, high, 6)) {
      draw(axis, "line", { x1: x(value), x2: x(value), y1: bottom, y2: bottom + 4 });
      draw(axis, "text", { x: x(value), y: bottom + 16, "text-anchor": "middle" }, shown(value));
    }
  }
  draw(svg, "text", { class: "quiet", x: (left + right) / 2, y: height - 5, "text-anchor": "middle" }, names[0]);
  draw(svg, "text", { class: "quiet", x: left - 40, y: top - 5 }, names[1]);
  return { svg, x, y, left, right, top, bottom };
}

// A curve through points of a plane; call what it returns to move it.
function curve(at, kind) {
  const line = draw(at.svg, "polyline", { class: `curve ${kind}` });
  return (points) => change(line, "points", points.map(([a, b]) => `${at.x(a).toFixed(2)},${at.y(b).toFixed(2)}`).join(" "));
}

// An arrow between two points of a drawing, in its own units, with a word at its tip; one of no length is not drawn.
function arrow(svg, kind, word = "") {
  const group = draw(svg, "g", { class: `arrow ${kind}` });
  const shaft = draw(group, "line"), head = draw(group, "path"), text = draw(group, "text", { "text-anchor": "middle" }, word);
  return (x1, y1, x2, y2) => {
    const length = Math.hypot(x2 - x1, y2 - y1), size = Math.min(9, length);
    change(group, "visibility", length < 0.5 ? "hidden" : "visible");
    if (length < 0.5) return;
    const ux = (x2 - x1) / length, uy = (y2 - y1) / length, bx = x2 - size * ux, by = y2 - size * uy;
    for (const [name, value] of Object.entries({ x1, y1, x2: bx, y2: by })) change(shaft, name, value.toFixed(2));
    const corner = (side) => `${(bx - side * uy * size * 0.55).toFixed(2)} ${(by + side * ux * size * 0.55).toFixed(2)}`;
    change(head, "d", `M${x2.toFixed(2)} ${y2.toFixed(2)}L${corner(1)}L${corner(-1)}Z`);
    change(text, "x", (x2 + 14 * ux).toFixed(2));
    change(text, "y", (y2 + 14 * uy + 4).toFixed(2));
  };
}

// Horizontal bars between two bounds, one a name, a number beside each; call what it returns to move them.
function bars(holder, { names, bound, label, caption = "" }) {
  const width = 360, left = 70, right = width - 76, tall = 24, height = tall * names.length + 8;
  const figure = element("figure", { class: "plane figure" });
  if (caption) figure.append(element("figcaption", {}, caption));
  const svg = draw(figure, "svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  holder.append(figure);
  const x = linear(-bound, bound, left, right);
  draw(svg, "line", { class: "zero", x1: x(0), x2: x(0), y1: 0, y2: height });
  const rows = names.map((name, k) => {
    const middle = 4 + tall * (k + 0.5);
    draw(svg, "text", { x: left - 8, y: middle + 4, "text-anchor": "end" }, name);
    return {
      bar: draw(svg, "rect", { class: "bar", y: middle - 8, height: 16 }),
      text: draw(svg, "text", { x: width - 2, y: middle + 4, "text-anchor": "end" }),
    };
  });
  return (values, kinds = []) => rows.forEach(({ bar, text }, k) => {
    const end = x(Math.max(-bound, Math.min(bound, values[k])));
    change(bar, "x", Math.min(x(0), end).toFixed(2));
    change(bar, "width", Math.abs(end - x(0)).toFixed(2));
    change(bar, "class", `bar ${kinds[k] ?? ""}`);
    write(text, values[k]);
  });
}

// A point of a plane to drag, or to move with the arrow keys by a step; Home, End, PageDown, PageUp go to the bounds.
// `free` names the directions in which it moves; `on` is the height of a curve that it keeps to. Returns { value, set }.
function handle(at, { label, x: [low, high], y: [below, above], step, start, free = "xy", on, text }, changed) {
  const group = draw(at.svg, "g", { class: "handle", tabindex: 0, role: "slider", "aria-label": label });
  draw(group, "circle", { class: "reach", r: 22 });
  draw(group, "circle", { r: 8 });
  const along = free.includes("x") ? 0 : 1;
  group.setAttribute("aria-valuemin", along ? below : low);
  group.setAttribute("aria-valuemax", along ? above : high);
  let point = start.slice();
  const rounded = (value, from, to) => Math.max(from, Math.min(to, Math.round(value / step) * step));
  const place = () => {
    change(group, "transform", `translate(${at.x(point[0]).toFixed(2)} ${at.y(point[1]).toFixed(2)})`);
    group.setAttribute("aria-valuenow", point[along]);
    group.setAttribute("aria-valuetext", text ? text(point) : point.map((x) => shown(x)).join(", "));
  };
  const own = {
    get value() { return point.slice(); },
    set([a, b]) {
      // A step of a tenth is no tenth in floating point: 0.30000000000000004 is meant to be 0.3.
      const tidy = (value) => Number(value.toFixed(10));
      point = [free.includes("x") ? tidy(rounded(a, low, high)) : point[0], free.includes("y") ? tidy(rounded(b, below, above)) : point[1]];
      if (on) point[1] = on(point[0]);
      place();
      changed(point.slice());
    },
  };
  const drag = (event) => {
    const spot = new DOMPoint(event.clientX, event.clientY).matrixTransform(at.svg.getScreenCTM().inverse());
    const back = (scale, from, to, pixel) => from + ((pixel - scale(from)) / (scale(to) - scale(from))) * (to - from);
    own.set([back(at.x, low, high, spot.x), back(at.y, below, above, spot.y)]);
  };
  group.addEventListener("pointerdown", (event) => { group.setPointerCapture(event.pointerId); group.focus(); event.preventDefault(); });
  // Else a finger scrolls the page, and drags no more: of what is inside a drawing touch-action is not heeded everywhere.
  group.addEventListener("touchstart", (event) => event.preventDefault(), { passive: false });
  group.addEventListener("pointermove", (event) => { if (group.hasPointerCapture(event.pointerId)) drag(event); });
  group.addEventListener("keydown", (event) => {
    const [a, b] = point;
    const to = {
      ArrowLeft: [a - step, b], ArrowRight: [a + step, b], ArrowUp: free.includes("y") ? [a, b + step] : [a + step, b],
      ArrowDown: free.includes("y") ? [a, b - step] : [a - step, b], Home: free.includes("x") ? [low, b] : [a, below],
      End: free.includes("x") ? [high, b] : [a, above], PageDown: [a, below], PageUp: [a, above],
    }[event.key];
    if (!to) return;
    event.preventDefault();
    own.set(to);
  });
  place();
  return own;
}

// The points of a function between two bounds that lie within a height of the plane; zero is one of them.
function within(f, [low, high], [below, above], count = 200) {
  const places = Array.from({ length: count + 1 }, (_, k) => low + ((high - low) * k) / count);
  if (low < 0 && high > 0) places.push(0);
  return places.sort((a, b) => a - b).map((w) => [w, f(w)]).filter(([, value]) => value >= below && value <= above);
}

// What stands in a picture: a sample of each kind of curve (or, with "rect", of bar), and its name.
function key(holder, entries) {
  const list = element("ul", { class: "key" });
  for (const [kind, name, shape = "line"] of entries) {
    const item = element("li", {}), sample = draw(item, "svg", { viewBox: "0 0 30 10", "aria-hidden": "true" });
    if (shape === "rect") draw(sample, "rect", { class: kind, x: 1, y: 1, width: 28, height: 8 });
    else if (shape === "arrow") arrow(sample, kind)(1, 5, 29, 5);
    else draw(sample, "polyline", { class: `curve ${kind}`, points: "1,5 29,5" });
    item.append(name);
    list.append(item);
  }
  holder.append(list);
}

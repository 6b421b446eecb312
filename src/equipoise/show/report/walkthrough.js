// Runs of coordinate descent side by side: pulls against the dead zone, residuals, and what is left.

const walk = JSON.parse(byId("walk-data").textContent);
const count = walk.features.length, frames = walk.moments.length;
const WIDTH = 400, LEFT = Math.min(150, 12 + Math.max(...walk.features.map((name) => widthOf(name, "600")))), RIGHT = 318, ROW = 24, TOP = 18, BARS = 90;

for (const run of walk.runs) {
  for (const name of ["w", "pull", "gradient", "largest", "residual", "objective"]) run[name] = decode(run[name]);
}
const responses = decode(walk.y);

const farthest = (lists) => lists.reduce((most, list) => list.reduce((a, x) => Math.max(a, Math.abs(x)), most), 0);
const reach = 1.05 * farthest(walk.runs.flatMap((run) => [run.pull, run.l1])) || 1;
const tallest = farthest([responses, ...walk.runs.map((run) => run.residual)]) || 1;
const across = (x) => LEFT + ((x + reach) / (2 * reach)) * (RIGHT - LEFT);

function panel(run, k) {
  const height = TOP + ROW * count + 34 + BARS;
  const holder = element("section", { class: "walk-run", "aria-labelledby": `walk-name-${k}` });
  holder.append(element("h3", { id: `walk-name-${k}` }, run.name, " ", element("small", {}, run.penalty)));
  const sentence = element("p", { class: "walk-sentence" }), tally = element("p", { class: "walk-tally" });
  const described = `${run.name}: pulls on ${counted(count, "feature")} against the dead zone, and the residuals below`;
  const svg = draw(holder, "svg", { viewBox: `0 0 ${WIDTH} ${height}`, role: "img", "aria-label": described });
  draw(svg, "text", { class: "quiet", x: across(0), y: 10, "text-anchor": "middle" }, "pull x·r");
  draw(svg, "text", { class: "quiet", x: WIDTH - 4, y: 10, "text-anchor": "end" }, "w");
  const rows = walk.features.map((name, j) => {
    const y = TOP + ROW * j + ROW / 2, l1 = run.l1[j];
    const row = draw(svg, "g", { class: "row walk-row" });
    if (l1 > 0) draw(row, "rect", { class: "zone", x: across(-l1), y: y - ROW / 2 + 2, width: across(l1) - across(-l1), height: ROW - 4 });
    draw(row, "line", { class: "zero", x1: across(0), x2: across(0), y1: y - ROW / 2, y2: y + ROW / 2 });
    label(row, name, LEFT - 10, { x: LEFT - 10, y: y + 4, "text-anchor": "end" }, "600");
    const left = draw(row, "line", { class: "walk-left", y1: y, y2: y });
    const answer = draw(row, "line", { class: "walk-answer", y1: y - 7, y2: y + 7 });
    const dot = draw(row, "rect");
    const told = draw(row, "text", { class: "walk-w", x: WIDTH - 4, y: y + 4, "text-anchor": "end" });
    return { row, y, left, answer, dot, told };
  });
  const middle = TOP + ROW * count + 34 + BARS / 2, wide = (WIDTH - 8) / walk.rows.length;
  draw(svg, "text", { class: "quiet", x: 4, y: middle - BARS / 2 - 8 }, `residuals y − Xw, up to ±${number(tallest, 3)}`);
  draw(svg, "line", { class: "zero", x1: 4, x2: WIDTH - 4, y1: middle, y2: middle });
  const bars = walk.rows.map((row, i) => {
    const bar = draw(svg, "rect", { class: "walk-bar", x: 4 + wide * (i + 0.15), width: 0.7 * wide });
    return { bar, title: draw(bar, "title"), row };
  });
  holder.append(sentence, tally);
  byId("walk-runs").append(holder);

  return (f) => {
    const ended = walk.moments[f] >= run.steps && f > 0;
    rows.forEach(({ row, y, left, answer, dot, told }, j) => {
      const at = f * count + j, w = run.w[at], pull = run.pull[at];
      // The total gradient is what the penalty answers less the pull.
      const held = pull + run.gradient[at];
      const killed = w === 0 && run.l1[j] > 0 && run.gradient[at] === 0;
      change(row, "class", `row walk-row${w !== 0 ? " alive" : ""}${run.moved[f] === j && !ended ? " moved" : ""}`);
      mark(dot, w !== 0 ? "alive" : "killed", across(pull), y, 5);
      change(answer, "x1", `${across(held)}`);
      change(answer, "x2", `${across(held)}`);
      change(left, "x1", `${across(pull)}`);
      change(left, "x2", `${across(held)}`);
      told.textContent = killed ? "0 killed" : number(w, 5);
    });
    bars.forEach(({ bar, title, row }, i) => {
      const r = run.residual[f * walk.rows.length + i], height = (Math.abs(r) / tallest) * (BARS / 2);
      change(bar, "y", `${r > 0 ? middle - height : middle}`);
      change(bar, "height", `${height}`);
      title.textContent = `row ${row}: ${number(r)}`;
    });
    const told = run.sentences[f] ?? "Nothing is in the model: the residual is y.";
    const last = `${run.converged ? "In balance" : "Stopped"} after ${counted(run.steps, "step")}.`;
    sentence.replaceChildren(...(ended ? [last] : isolate(told, walk.features)));
    tally.replaceChildren("objective ", element("b", {}, number(run.objective[f])),
      " · largest total gradient ", element("b", {}, number(run.largest[f], 3)));
  };
}

const panels = walk.runs.map(panel);
const bar = byId("walk-step"), play = byId("walk-play");
let at = 0, timer = null;
bar.max = frames - 1;

function show(f) {
  at = Math.max(0, Math.min(frames - 1, f));
  bar.value = at;
  const text = `${walk.moments[at]} of ${walk.moments[frames - 1]}`;
  bar.setAttribute("aria-valuetext", `step ${text}`);
  byId("walk-at").textContent = text;
  for (const redraw of panels) redraw(at);
}

function stop() {
  clearTimeout(timer);
  timer = null;
  play.textContent = "▶ Play";
}

// Slowly while there is most to see.
function run() {
  show(at + 1);
  if (at === frames - 1) stop();
  else timer = setTimeout(run, at < 12 ? 900 : 200);
}

play.addEventListener("click", () => {
  if (timer !== null) return stop();
  if (at === frames - 1) show(0);
  play.textContent = "❚❚ Pause";
  timer = setTimeout(run, 300);
});
bar.addEventListener("input", () => { stop(); show(Number(bar.value)); });
byId("walk-back").addEventListener("click", () => { stop(); show(at - 1); });
byId("walk-next").addEventListener("click", () => { stop(); show(at + 1); });

// Where all are in balance is what there is to see; Play starts over from nothing.
let stood = frames - 1;
onPrint(() => { stop(); stood = at; show(frames - 1); }, () => show(stood));
show(frames - 1);

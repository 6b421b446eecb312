// A run of coordinate descent, written out: what the sections that step through one share.

const factor = (x) => (x < 0 ? `(${shown(x)})` : shown(x));
const sub = (j) => "₁₂₃"[j];
const vector = (values) => `(${values.map(shown).join(", ")})`;
const product = (a, b) => a.map((x, i) => `${factor(x)}·${factor(b[i])}`).join(" + ");
const largest = (values) => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

// A gradient of a thousand-millionth of the limit is the rounding of the run, and told as 0.
const rested = (x, limit) => (Math.abs(x) <= 1e-9 * Math.max(limit, 1) ? 0 : x);

// The weights after the first k steps.
function weights(run, k) {
  const w = run.coef.map(() => 0);
  for (const step of run.steps.slice(0, k)) w[step.j] = step.after;
  return w;
}

// |pull| beside the limit.
const verdict = (step, limit) => `|${shown(step.pull)}| ${step.killed ? "≤" : ">"} ${shown(limit)}`;

// How a step comes to its new weight.
function division(step, limit, square) {
  if (step.killed) return `${verdict(step, limit)}, so killed: exactly 0`;
  return `(${shown(step.pull)} ${step.pull > 0 ? "−" : "+"} ${shown(limit)}) ÷ ${shown(square)} = ${shown(step.after)}`;
}

// A stepper that takes the place of an older one, which is then heard no more, even if it was playing.
function stepping(holder, options, changed) {
  const box = element("div", { class: "controls" });
  holder.replaceChildren(box);
  return stepper(box, options, (k) => { if (box.isConnected) changed(k); });
}

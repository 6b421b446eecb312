// A run of coordinate descent, written out: what the sections that step through one share.

const sub = (j) => "₁₂₃"[j];
const largest = (values) => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);

// The weights after the first k steps.
function weights(run, k) {
  const w = run.coef.map(() => 0);
  for (const step of run.steps.slice(0, k)) w[step.j] = step.after;
  return w;
}

// The sums of a step in words, with numbers of so many digits.
function sums(digits) {
  const own = {
    text: (x) => shown(x, digits),
    factor: (x) => factor(x, digits),
    vector: (values) => `(${values.map(own.text).join(", ")})`,
    product: (a, b) => a.map((x, i) => `${own.factor(x)}·${own.factor(b[i])}`).join(" + "),
    // |pull| beside the limit.
    verdict: (step, limit) => `|${own.text(step.pull)}| ${step.killed ? "≤" : ">"} ${own.text(limit)}`,
    // How a step that keeps its feature comes to the new weight.
    division: (step, limit, square) => `(${own.text(step.pull)} ${step.pull > 0 ? "−" : "+"} ${own.text(limit)}) ÷ ${own.text(square)} = ${own.text(step.after)}`,
  };
  return own;
}

// A stepper that takes the place of an older one, which is then heard no more, even if it was playing.
function stepping(holder, options, changed) {
  const box = element("div", { class: "controls" });
  holder.replaceChildren(box);
  return stepper(box, options, (k) => { if (box.isConnected) changed(k); });
}

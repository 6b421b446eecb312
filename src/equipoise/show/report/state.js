// What the page knows: the numbers of the path, and which strength and which feature are looked at.

const data = JSON.parse(document.getElementById("data").textContent);
const m = data.strengths.length, q = data.features.length;

// Matrices come as base64 of little-endian float64, row by row: no digit of the path is lost.
function decode(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer), out = new Float64Array(bytes.length / 8);
  for (let i = 0; i < out.length; i++) out[i] = view.getFloat64(8 * i, true);
  return out;
}

const pulls = decode(data.pull), values = decode(data.coef), alone = decode(data.alone);
const column = new Int32Array(q).fill(-1);
data.ever.forEach((j, k) => { column[j] = k; });
const entries = data.features.map(() => []);
for (const [j, strength] of data.entries) entries[j].push(strength);
const stories = new Map(data.stories.map((story) => [story.feature, story]));

const state = { now: data.chosen, selected: null };
const listeners = [];
const byId = (id) => document.getElementById(id);

const coefAt = (i, j) => (column[j] < 0 ? 0 : values[i * data.ever.length + column[j]]);
const pullAt = (i, j) => pulls[i * q + j];
const verdictAt = (i, j) => data.verdicts[+data.verdict[i * q + j]];
const aliveAt = (i, j) => coefAt(i, j) !== 0;

// The penalty holds t·l1 + 2 t·l2 |w|; l1 is null where it is infinite.
function limitAt(i, j) {
  if (data.l1[j] === null) return Infinity;
  return data.strengths[i] * (data.l1[j] + 2 * data.l2[j] * Math.abs(coefAt(i, j)));
}

function slackAt(i, j) {
  return verdictAt(i, j)[0] === "active" ? 0 : limitAt(i, j) - Math.abs(pullAt(i, j));
}

// Pull ÷ limit: one dead zone from −1 to 1 serves all features.
function shareAt(i, j) {
  const limit = limitAt(i, j);
  return limit > 0 ? pullAt(i, j) / limit : 0;
}

// For a zero the next entry below the present strength, for an active feature the last one above it.
function entersAt(i, j) {
  const t = data.strengths[i];
  const found = aliveAt(i, j) ? entries[j].filter((s) => s > t) : entries[j].filter((s) => s <= t);
  if (!found.length) return null;
  return aliveAt(i, j) ? Math.min(...found) : Math.max(...found);
}

// A number to six digits, as the library prints it.
function number(x, digits = 6) {
  if (x === null || Number.isNaN(x)) return "";
  if (x === 0) return "0";
  if (!Number.isFinite(x)) return x > 0 ? "∞" : "-∞";
  const [mantissa, power] = x.toExponential(digits - 1).split("e");
  if (power < -4 || power >= digits) return `${Number(mantissa)}e${Number(power)}`;
  return String(Number(x.toFixed(Math.max(0, digits - 1 - power))));
}

const counted = (k, noun) => `${k} ${noun}${k === 1 ? "" : "s"}`;

// A name cut in the middle: what tells two long names apart is as often at their ends.
function shorten(text, most) {
  const letters = [...text], tail = Math.floor((most - 1) / 2);
  return letters.length > most ? `${letters.slice(0, most - 1 - tail).join("")}…${letters.slice(-tail).join("")}` : text;
}

function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function goTo(i) {
  state.now = Math.max(0, Math.min(m - 1, i));
  tell();
}

function select(j) {
  state.selected = j;
  tell();
}

// A held key may ask for more than a screen can show: what is told waits for the next picture.
let waiting = false;

function tell() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    for (const listener of listeners) listener();
  });
}

// The state of the page: the numbers of the path, and the strength and the feature selected.

const data = JSON.parse(document.getElementById("data").textContent);
const m = data.strengths.length, q = data.features.length;

const pulls = decode(data.pull), values = decode(data.coef), alone = decode(data.alone);
const column = new Int32Array(q).fill(-1);
data.ever.forEach((j, k) => { column[j] = k; });
const entries = data.features.map(() => []);
for (const [j, strength] of data.entries) entries[j].push(strength);
const stories = new Map(data.stories.map((story) => [story.feature, story]));

const state = { now: data.chosen, selected: null };
const listeners = [];

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

function goTo(i) {
  state.now = Math.max(0, Math.min(m - 1, i));
  tell();
}

function select(j) {
  state.selected = j;
  tell();
  showStory();
}

// A held key may ask for more than a screen can show: what is told waits for the next picture.
let waiting = false;

function tell() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    tellNow();
  });
}

function tellNow() {
  for (const listener of listeners) listener();
}

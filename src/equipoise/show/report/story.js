// One feature: its sentence, and the features that took its pull.

let told = null;

function tellStory() {
  const j = state.selected, holder = byId("takers");
  byId("story").classList.toggle("empty", j === null);
  if (j === null || j === told) return;
  told = j;
  holder.replaceChildren();
  byId("story-title").replaceChildren(element("bdi", {}, data.features[j]));
  const story = stories.get(j);
  if (!story) {
    byId("sentence").textContent = "The stories of the features furthest from the model are left out to keep the page small: " +
      "fit.explain(name) tells this one.";
    return;
  }
  byId("sentence").replaceChildren(...isolate(story.sentence, [data.features[j], ...data.takers]));
  holder.append(element("p", { class: "note" }, `The story at ${data.penalty[data.chosen]}, ${data.chosen_name}.`));
  if (story.takers.length) holder.append(shares(j, story));
}

// The pull alone, less the share of each taker, is the pull that is left.
function shares(j, story) {
  const kind = (share) => (share * story.alone >= 0 ? "took" : "gave");
  const rows = story.takers.map(([k, share]) => [data.takers[k], -share, kind(share)]);
  if (story.others_count) rows.push([counted(story.others_count, "other"), -story.others, kind(story.others)]);
  const all = [["alone", story.alone, "left"], ...rows, ["= pull", story.pull, "left"]];
  const most = Math.max(...all.map(([, value]) => Math.abs(value))) || 1;
  const table = element("table", { class: "bars" }, element("caption", {}, "Pull on this feature alone, and what each feature took of it"));
  for (const [name, value, kind] of all) {
    const bar = draw(element("td"), "svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" });
    draw(bar, "rect", { class: kind, x: 0, y: 1, width: (100 * Math.abs(value)) / most, height: 8 });
    const sign = kind !== "left" && value > 0 ? "+" : "";
    const row = element("tr", { class: kind }, element("th", { scope: "row" }, element("bdi", {}, name)), bar.parentNode);
    row.append(element("td", {}, `${sign}${number(value)}`));
    table.append(row);
  }
  return table;
}

// Where the story does not stand beside the table it is brought into view.
function showStory() {
  if (!matchMedia("(max-width: 60rem)").matches) return;
  requestAnimationFrame(() => requestAnimationFrame(() => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    byId("story").scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
  }));
}

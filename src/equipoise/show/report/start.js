// The slider, the buttons, and the first picture.

const slider = byId("slider"), readout = byId("readout");
slider.max = m - 1;
slider.disabled = m < 2;
slider.addEventListener("input", () => goTo(Number(slider.value)));

const buttons = data.choices.map(({ name, index }) => {
  const button = element("button", { type: "button" }, name);
  button.addEventListener("click", () => goTo(index));
  byId("choices").append(button);
  return { button, index };
});

listeners.push(() => {
  const i = state.now, loss = data.cv && data.cv.mean[i] !== null ? `, ${data.cv.loss} of rows held out ${number(data.cv.mean[i], 4)}` : "";
  const kept = `${data.kept[i]} of ${counted(data.total, "feature")} kept`;
  const explained = data.explained ? `, ${data.explained_name} ${number(data.explained[i], 4)}` : "";
  slider.value = i;
  slider.setAttribute("aria-valuetext", `${data.penalty[i]}, ${kept}`);
  const exact = element("small", {}, `${data.strength_name} exactly ${data.strengths[i]}`);
  readout.replaceChildren(element("b", {}, data.penalty[i]), `${kept}${explained}${loss}`, exact);
  for (const { button, index } of buttons) button.setAttribute("aria-pressed", index === i);
});

drawCharts();
drawSheet();
listeners.push(tellStory);
goTo(data.chosen);

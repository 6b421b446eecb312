// The charts, drawn for the width that there is: anew where a telephone is turned, a window narrowed or a page printed.

const narrow = matchMedia("(max-width: 36rem)");
const chartWidth = () => (narrow.matches && !onPaper ? 360 : 620);
let charts = [], onPaper = false;

function drawCharts() {
  for (const holder of ["pulls", "path", "cv", "roc", "calibration"]) byId(holder).replaceChildren();
  charts = [drawPulls(), drawPath(), drawLoss()];
  drawProbabilities();
}

listeners.push(() => { for (const redraw of charts) redraw(); });

function drawAgain(paper = false) {
  onPaper = paper;
  drawCharts();
  tellNow();
}

narrow.addEventListener("change", () => drawAgain(onPaper));
onPrint(() => drawAgain(true), () => drawAgain(false));

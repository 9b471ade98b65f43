/* Draw the page, and follow its address and its server. */

function draw() {
  readPeaks();
  drawTotals();
  drawSound();
  drawFilm();
  drawStates();
  filter();
  drawCut();
}
draw();
new ResizeObserver(drawCut).observe(byId("track"));
matchMedia("print").addEventListener("change", drawCut);
window.addEventListener("beforeprint", () => { for (const image of document.images) image.loading = "eager"; });
follow();
if (server.api) { byId("live").hidden = false; setTimeout(poll, server.every); }

/* The cut: shots along time, and the waveform of the mix below. */

const canvas = byId("timeline");
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const COLOURS = {approved: "--approved", picked: "--picked", rendering: "--picked", queued: "--picked",
  rendered: "--rendered", "out of date": "--out", failed: "--failed", rejected: "--failed", interrupted: "--failed"};
let peaks = null;
function readPeaks() {
  const text = film.sound.peaks ? atob(film.sound.peaks) : "";
  peaks = Uint8Array.from(text, (character) => character.charCodeAt(0));
}
function drawCut() {
  const scale = devicePixelRatio || 1, width = canvas.clientWidth, height = canvas.clientHeight;
  if (!width) return;
  canvas.width = width * scale;
  canvas.height = height * scale;
  const pen = canvas.getContext("2d");
  pen.scale(scale, scale);
  const total = Math.max(film.frames, 1), x = (frame) => (frame / total) * width, top = 18, deep = 30;
  pen.font = `11px ${getComputedStyle(document.body).fontFamily}`;
  pen.textBaseline = "top";
  let scene = "", free = 0;
  for (const [kind, at, start, frames] of film.cut) {
    const left = x(start), wide = Math.max(x(frames) - 1, 0.5), clip = film.clips[at];
    pen.fillStyle = clip ? css(COLOURS[clip.state] || "--high") : css("--high");
    pen.globalAlpha = !clip || clip.state === "planned" ? 0.55 : open === at ? 1 : 0.78;
    pen.fillRect(left, top, wide, deep);
    pen.globalAlpha = 1;
    if (clip && open === at) { pen.fillStyle = css("--ink"); pen.fillRect(left, top - 3, wide, 2); }
    const now = clip ? clip.id.slice(0, clip.id.lastIndexOf("_")) : scene;
    if (kind === "clip" && now !== scene) {
      scene = now;
      const name = scene.replace("_", " ");
      if (left >= free) {
        pen.fillStyle = css("--soft");
        pen.fillText(name, left, 2);
        free = left + pen.measureText(name).width + 12;
      }
      if (left > 1) { pen.fillStyle = css("--line"); pen.fillRect(left - 1, 0, 1, height); }
    }
  }
  const low = top + deep + 8, room = (height - low) / 2, middle = low + room;
  pen.fillStyle = css("--soft");
  if (!peaks.length) {
    pen.fillText("no mix yet", 0, middle - 6);
    return;
  }
  pen.globalAlpha = film.sound.current ? 0.75 : 0.4;
  for (let column = 0; column < width; column++) {
    const first = Math.floor((column / width) * peaks.length);
    const last = Math.max(first + 1, Math.floor(((column + 1) / width) * peaks.length));
    let peak = 0;
    for (let at = first; at < last; at++) peak = Math.max(peak, peaks[at]);
    const tall = Math.max(0.5, Math.sqrt(peak / 255) * room);
    pen.fillRect(column, middle - tall, 1, tall * 2);
  }
  pen.globalAlpha = 1;
}
function cutAt(event) {
  const box = canvas.getBoundingClientRect();
  const frame = ((event.clientX - box.left) / box.width) * film.frames;
  return film.cut.find(([, , start, frames]) => frame >= start && frame < start + frames);
}
function cutWords(event) {
  const found = cutAt(event);
  if (!found) return "";
  const [kind, at, start, frames, words] = found, clip = film.clips[at];
  const what = clip ? `${clip.id}  ${clip.title}` : words || kind;
  return `${clock(start / film.rate)}  ${what}  ${(frames / film.rate).toFixed(2)} s`;
}
canvas.addEventListener("pointermove", (event) => { byId("cut-at").textContent = cutWords(event); });
canvas.addEventListener("pointerleave", () => { byId("cut-at").textContent = ""; });
canvas.addEventListener("click", (event) => {
  const found = cutAt(event);
  if (found && film.clips[found[1]]) location.hash = film.clips[found[1]].id;
});
function drawSound() {
  const sound = !film.sound.peaks ? "no mix yet" : film.sound.current ? "with the waveform of its mix"
    : "with the waveform of an earlier mix";
  canvas.setAttribute("aria-label",
    `${plural(film.clips.length, "shot")} in ${clock(film.seconds)}, ${sound}. The shots follow as a list.`);
}

/* The film, how values are written, and elements. */

const byId = (id) => document.getElementById(id);
const server = JSON.parse(byId("server").textContent);
let film = JSON.parse(byId("data").textContent);
const chosen = new Set();
const cards = new Map();
let shown = [], open = null, takeShown = 0, comparing = false, opener = null;

/* An element: text is text, never markup. */
function make(tag, attributes, ...inside) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") element.className = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  for (const each of inside) if (each !== null && each !== undefined) element.append(each);
  return element;
}
const plural = (count, noun) => `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
function clock(seconds) {
  const whole = Math.round(seconds), hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60, rest = String(whole % 60).padStart(2, "0");
  return hours ? `${hours}:${String(minutes).padStart(2, "0")}:${rest}` : `${minutes}:${rest}`;
}
function long(seconds) {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
function bytes(count) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let at = 0;
  while (count >= 1000 && at < 4) { count /= 1000; at++; }
  return `${count < 10 && at ? count.toFixed(1) : Math.round(count)} ${units[at]}`;
}
const label = (at) => film.labels[at];
const takePath = (clip, take) => `${film.takes}/${clip.id}/${take.id}.mp4`;
const takesOf = (clip) => clip.takes || [];
const shownTake = (clip) => takesOf(clip).find((take) => take.id === clip.shown) || takesOf(clip).at(-1);
const videoOf = (clip) => {
  const take = shownTake(clip);
  return clip.video && !clip.stale ? clip.video : take ? takePath(clip, take) : clip.video || "";
};
const checksOf = (clip, digest) => (clip.checks || []).filter(([of]) => of === digest);
const stateTag = (state) => make("span", {class: "state", "data-state": state}, state);
function strip(take, at) {
  const image = make("img", {src: `${film.thumbs}/${take.id}.jpg`, alt: "", loading: "lazy", decoding: "async"});
  turn(image, at);
  return image;
}
function turn(image, at) { image.style.objectPosition = `${(100 * at) / (film.thumb_frames - 1)}% 0`; }
const spoken = (clip) => takesOf(clip).length ? "" : clip.state === "planned" ? "not rendered yet" : clip.state;

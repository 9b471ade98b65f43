/* The shots, filter and search. */

function card(clip, at) {
  const take = shownTake(clip), why = (clip.why || []).map(label);
  const picture = take && take.thumb ? strip(take, Math.floor(film.thumb_frames / 2)) : null;
  const thumb = make("span", {class: "thumb"}, picture || make("span", {class: "none"}, spoken(clip) || "no picture"),
    make("span", {class: "time"}, `${clip.seconds.toFixed(1)} s`));
  const link = make("a", {href: `#${clip.id}`}, thumb,
    make("span", {class: "row"}, make("span", {class: "id"}, clip.id.split("_").at(-1)), stateTag(clip.state)),
    make("span", {class: "title"}, clip.title),
    clip.beats && make("span", {class: "beat"}, clip.beats.join(" ")),
    clip.error && make("span", {class: "more bad"}, clip.error),
    checksOf(clip, clip.shown).length ? make("span", {class: "more"}, checksOf(clip, clip.shown).map(([, message]) => message).join("; ")) : null,
    clip.lapsed && make("span", {class: "more"}, "its pick has lapsed: the shot was edited"),
    !clip.error && why.length ? make("span", {class: "more"},
      (clip.state === "out of date" ? "" : "edited since: ") + why.slice(0, 2).join(", ") + (why.length > 2 ? ", …" : "")) : null);
  link.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") preview(thumb, clip); });
  link.addEventListener("pointerleave", () => stopPreview(thumb));
  const item = make("li", {class: "card", id: `card-${clip.id}`}, link);
  cards.set(at, {item, link, words: words(clip)});
  return item;
}
function words(clip) {
  const own = clip.prompt.filter(([, at]) => at >= 0 && label(at).startsWith("prompts/clips/")).map(([at]) => film.texts[at]);
  const notes = (clip.notes || []).map(([, , text]) => text);
  return [clip.id, clip.title, ...(clip.beats || []), ...(clip.says || []), ...own, ...notes, clip.error || ""]
    .join("\n").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}
let waiting = 0;
function preview(thumb, clip) {
  const path = videoOf(clip);
  if (!path) return;
  clearTimeout(waiting);
  waiting = setTimeout(() => {
    const video = make("video", {src: path, loop: true, playsinline: true, tabindex: "-1", "aria-hidden": "true"});
    video.muted = true;
    thumb.append(video);
    video.play().catch(() => video.remove());
  }, 120);
}
function stopPreview(thumb) {
  clearTimeout(waiting);
  for (const video of thumb.querySelectorAll("video")) { video.removeAttribute("src"); video.load(); video.remove(); }
}
function drawFilm() {
  cards.clear();
  document.documentElement.style.setProperty("--shape", `${film.width}/${film.height}`);
  const acts = new Map();
  for (const scene of film.scenes) {
    const name = scene.id.split("_")[0];
    if (!acts.has(name)) {
      const heading = make("h2", {id: `act-${name}`}, `Act ${Number(name.slice(1))}`);
      acts.set(name, make("section", {class: "act", "aria-labelledby": `act-${name}`}, heading));
    }
    const clips = film.clips.slice(scene.first, scene.first + scene.clips);
    const seconds = clips.reduce((sum, clip) => sum + clip.seconds, 0);
    const heading = make("h3", {}, make("span", {class: "mono"}, scene.id), scene.title || "",
      make("span", {}, `${plural(clips.length, "shot")}, ${clock(seconds)}`));
    acts.get(name).append(make("section", {class: "scene"}, heading,
      make("ol", {class: "grid"}, ...clips.map((clip, at) => card(clip, scene.first + at)))));
  }
  const sections = [...acts.values()];
  if (film.left_out.length) {
    const heading = make("h2", {id: "act-left-out"}, "Not in the film");
    sections.push(make("section", {class: "act", "aria-labelledby": "act-left-out"}, heading,
      make("p", {class: "mono"}, film.left_out.join(", "))));
  }
  byId("film").replaceChildren(...sections, make("p", {class: "empty", id: "none", hidden: true}, "No shot is like that."));
}

const ORDER = ["failed", "interrupted", "rendering", "queued", "out of date", "rejected", "planned", "rendered", "picked", "approved"];
function drawStates() {
  const counts = new Map();
  for (const clip of film.clips) counts.set(clip.state, (counts.get(clip.state) || 0) + 1);
  const states = [...counts.keys()].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  for (const state of chosen) if (!counts.has(state)) chosen.delete(state);
  byId("states").replaceChildren(...states.map((state) => make("button",
    {type: "button", "data-only": state, "aria-pressed": String(chosen.has(state)), onclick: (event) => {
      if (!chosen.delete(state)) chosen.add(state);
      event.currentTarget.setAttribute("aria-pressed", String(chosen.has(state)));
      filter();
    }}, make("i", {"data-state": state}), state, make("b", {}, String(counts.get(state))))));
}
function filter() {
  const wanted = byId("find").value.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().split(/\s+/).filter(Boolean);
  shown = [];
  film.clips.forEach((clip, at) => {
    const each = cards.get(at), fits = (!chosen.size || chosen.has(clip.state)) && wanted.every((word) => each.words.includes(word));
    each.item.hidden = !fits;
    if (fits) shown.push(at);
  });
  for (const section of document.querySelectorAll(".scene, .act"))
    section.hidden = Boolean(section.querySelector(".card")) && !section.querySelector(".card:not([hidden])");
  byId("none").hidden = shown.length > 0;
  byId("count").textContent = shown.length === film.clips.length ? plural(shown.length, "shot")
    : `${shown.length} of ${plural(film.clips.length, "shot")}`;
}
byId("find").addEventListener("input", filter);

/* One shot: its takes on the stage. */

const viewer = byId("viewer"), stage = byId("stage");
const videos = () => [...stage.querySelectorAll("video")];
const play = (element) => { element.play().catch(() => {}); };  // it may be stopped before it has begun
function video(path, name) {
  const element = make("video", {src: path, controls: true, loop: true, playsinline: true, preload: "auto", "aria-label": name});
  element.addEventListener("error", () =>
    element.replaceWith(make("div", {class: "none"}, "This browser can't play the file. It is still being made, or it is damaged.")));
  return element;
}
function showStage() {
  const clip = film.clips[open], takes = takesOf(clip);
  stage.replaceChildren();
  const several = comparing && takes.length > 1;
  stage.classList.toggle("several", several);
  stage.style.setProperty("--columns", several ? String(takes.length > 4 ? 3 : takes.length > 1 ? 2 : 1) : "1");
  if (several) {
    takes.forEach((take, at) => {
      const element = video(takePath(clip, take), `take ${at + 1}`);
      element.muted = at + 1 !== (takeShown || 1);
      stage.append(make("figure", {}, element, make("figcaption", {},
        [at + 1, `seed ${take.seed ?? "unknown"}`, take.id === clip.shown && "in the film",
          take.differs && `differs in ${take.differs.map(label).join(", ")}`].filter(Boolean).join(" · "))));
    });
    together();
  } else {
    const take = takeShown ? takes[takeShown - 1] : null, path = take ? takePath(clip, take) : videoOf(clip);
    const name = take ? `${clip.title}, take ${takeShown}` : clip.title;
    stage.append(path ? video(path, name) : make("div", {class: "none"}, `${spoken(clip) || "nothing to play"}`));
  }
  for (const each of videos()) each.play().catch((error) => {  // one that was stopped or has left the page stays so
    if (error.name !== "NotAllowedError") return;
    each.muted = true;
    play(each);
  });
  for (const button of byId("takes").querySelectorAll("[data-take]"))
    button.setAttribute("aria-pressed", String(Number(button.dataset.take) === takeShown));
  byId("compare").setAttribute("aria-pressed", String(several));
  byId("compare").disabled = takes.length < 2;
}
function jump(number, seconds) {
  comparing = false;
  takeShown = number;
  showStage();
  drawActions();
  const [lead] = videos();
  if (lead) { lead.pause(); lead.currentTime = seconds; }
}
/* Takes side by side start, stop and seek together: the first one leads. */
function together() {
  const [lead, ...others] = videos();
  lead.addEventListener("play", () => others.forEach(play));
  lead.addEventListener("pause", () => others.forEach((each) => each.pause()));
  lead.addEventListener("seeked", () => others.forEach((each) => { each.currentTime = lead.currentTime; }));
  lead.addEventListener("ratechange", () => others.forEach((each) => { each.playbackRate = lead.playbackRate; }));
}
function takeButton(clip, take, number) {
  const flags = [take.id === clip.shown && "in the film", take.rejected && "rejected", take.id === clip.wanted && take.id !== clip.shown && "what the shot asks for"].filter(Boolean);
  const image = take.thumb ? strip(take, Math.floor(film.thumb_frames / 2)) : null;
  const thumb = make("span", {class: "thumb"}, image || make("span", {class: "none"}, "no picture"),
    make("span", {class: "key"}, String(number)));
  if (image) {
    thumb.addEventListener("pointermove", (event) => {
      const box = thumb.getBoundingClientRect(), share = (event.clientX - box.left) / box.width;
      turn(image, Math.min(film.thumb_frames - 1, Math.max(0, Math.floor(share * film.thumb_frames))));
    });
  }
  return make("button", {type: "button", class: "take", "data-take": number, "aria-pressed": "false",
    onclick: () => { takeShown = number; showStage(); drawActions(); }}, thumb,
  make("span", {class: "line first"}, `seed ${take.seed ?? "unknown"}`),
  make("span", {class: "line"}, [take.at, take.took !== undefined && long(take.took)].filter(Boolean).join(" · ")),
  flags.length ? make("span", {class: "line"}, flags.join(", ")) : null);
}
function cutButton(clip) {
  const take = shownTake(clip), image = take && take.thumb ? strip(take, Math.floor(film.thumb_frames / 2)) : null;
  return make("button", {type: "button", class: "take", "data-take": 0, "aria-pressed": "true",
    onclick: () => { takeShown = 0; showStage(); drawActions(); }},
  make("span", {class: "thumb"}, image || make("span", {class: "none"}, "no picture"), make("span", {class: "key"}, "0")),
  make("span", {class: "line first"}, clip.stale ? "clip, out of date" : "as it is cut"),
  make("span", {class: "line"}, `${clip.seconds.toFixed(2)} s`));
}

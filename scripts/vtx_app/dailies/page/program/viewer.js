/* The viewer: from shot to shot, by its address. */

function drawShot(keepsVideo) {
  const clip = film.clips[open];
  byId("shot-id").textContent = clip.id;
  byId("shot-title").textContent = clip.title;
  byId("shot-state").textContent = clip.state;
  byId("shot-state").dataset.state = clip.state;
  byId("takes").replaceChildren(...(clip.video ? [cutButton(clip)] : []), ...takesOf(clip).map((take, at) => takeButton(clip, take, at + 1)));
  const place = shown.indexOf(open);
  byId("previous").disabled = place === 0;
  byId("next").disabled = place === shown.length - 1;
  drawFacts();
  if (keepsVideo) {
    for (const button of byId("takes").querySelectorAll("[data-take]"))
      button.setAttribute("aria-pressed", String(Number(button.dataset.take) === takeShown));
  } else showStage();
}
function firstTake(clip) {
  if (clip.video) return 0;
  return Math.max(1, takesOf(clip).findIndex((take) => take.id === clip.shown) + 1) * (takesOf(clip).length ? 1 : 0);
}
function show(at) {
  const before = open;
  open = at;
  comparing = false;
  message = null;
  takeShown = firstTake(film.clips[at]);
  if (!viewer.open) { opener = document.activeElement; viewer.showModal(); }
  drawShot(false);
  viewer.scrollTop = byId("facts").scrollTop = 0;
  byId("shot-title").focus({preventScroll: true});
  document.title = `${film.clips[at].id} ${film.clips[at].title} – ${film.title}`;
  if (before !== at) drawCut();
}
function follow() {
  const at = film.clips.findIndex((clip) => clip.id === decodeURIComponent(location.hash.slice(1)));
  if (at >= 0) { if (at !== open) show(at); }
  else leave();
}
/* At once, not at the event that the closed viewer brings: the next key may come before it. */
function leave() {
  if (viewer.open) viewer.close();
  if (open === null) return;
  const at = open;
  stage.replaceChildren();
  open = null;
  document.title = `${film.title} – dailies`;
  if (location.hash.length > 1) history.replaceState(null, "", location.pathname + location.search);
  const each = cards.get(at);
  if (each) { each.item.scrollIntoView({block: "nearest"}); each.link.focus({preventScroll: true}); } else if (opener) opener.focus();
  drawCut();
}
viewer.addEventListener("close", () => { if (!viewer.open) leave(); });
function step(by) {
  const place = shown.indexOf(open), next = place < 0 ? shown.find((at) => (by > 0 ? at > open : at < open)) : shown[place + by];
  if (next === undefined) return;
  show(next); // now, not at the event that the new address brings: the next key may come before it
  location.hash = film.clips[next].id;
}
byId("close").addEventListener("click", leave);
byId("previous").addEventListener("click", () => step(-1));
byId("next").addEventListener("click", () => step(1));
byId("compare").addEventListener("click", compare);
function compare() {
  if (takesOf(film.clips[open]).length < 2) return;
  comparing = !comparing;
  if (!comparing && !takeShown) takeShown = firstTake(film.clips[open]);
  showStage();
}
window.addEventListener("hashchange", follow);
byId("play-film").addEventListener("click", () => {
  const element = video(film.film, film.title);
  element.loop = false;
  const box = make("dialog", {class: "viewer film", "aria-label": film.title},
    make("div", {class: "stage-side"}, make("div", {class: "viewer-head"}, make("div", {class: "viewer-name"}, make("h2", {}, film.title)),
      make("button", {type: "button", class: "quiet round", "aria-label": "Close", onclick: () => box.close()}, "✕")),
    make("div", {class: "stage"}, make("figure", {}, element))));
  box.addEventListener("close", () => { element.removeAttribute("src"); element.load(); box.remove(); });
  document.body.append(box);
  box.showModal();
  play(element);
});

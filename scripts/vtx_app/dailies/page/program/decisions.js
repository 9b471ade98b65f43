/* Decisions, where a server takes them. */

let message = null;
function showMessage(text, bad) {
  message = {text, bad};
  for (const element of document.querySelectorAll(".message")) { element.textContent = text; element.classList.toggle("bad", Boolean(bad)); }
}
async function ask(path, body) {
  const options = body === undefined ? {} : {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)};
  const answer = await fetch(`${server.api}/${path}`, {...options, cache: "no-store"});
  const data = await answer.json();
  if (!answer.ok) throw new Error(data.error || answer.statusText);
  return data;
}
async function act(action, more) {
  const clip = film.clips[open];
  showMessage("…");
  try {
    const done = await ask(action, {clip: clip.id, tier: film.tier, ...more});
    await refresh();
    showMessage(done.message);
    if (!viewer.contains(document.activeElement))  // its button was drawn again
      (byId("facts").querySelector(`[data-action="${action}"]`) || byId("facts")).focus({preventScroll: true});
    return true;
  } catch (error) {
    showMessage(error.message, true);
    return false;
  }
}
function drawActions() {
  const place = byId("actions");
  if (!place || open === null) return;
  const clip = film.clips[open], take = takeShown ? takesOf(clip)[takeShown - 1] : takesOf(clip).find((each) => each.id === clip.shown);
  const button = (text, action, more, kind) => make("button", {type: "button", class: `quiet ${kind || ""}`, "data-action": action,
    onclick: () => act(action, more())}, text);
  const ofTake = () => ({take: take.id});
  const actions = take ? [button("Approve", "approve", ofTake, "good"), button("Pick", "pick", ofTake), button("Reject", "reject", ofTake)] : [];
  if (clip.state === "approved" || clip.state === "picked") actions.push(button("Undo the choice", "unfreeze", () => ({})));
  actions.push(button("Another seed", "reroll", () => ({seeds: 1})));
  const first = make("input", {id: "trim-in", type: "number", value: String(clip.in ?? 0)});
  const end = make("input", {id: "trim-out", type: "number", value: String((clip.in ?? 0) + clip.frames)});
  const trim = make("form", {class: "field"}, make("label", {class: "short"}, "in, frame", first), make("label", {class: "short"}, "out, before", end),
    make("button", {class: "quiet", "data-action": "trim"}, "Trim"),
    make("button", {type: "button", class: "quiet", "data-action": "whole", onclick: () => { trim.reset(); act("trim", {clear: true}); }}, "Whole shot"));
  trim.addEventListener("submit", (event) => {
    event.preventDefault();
    act("trim", {in: Number(first.value), out: Number(end.value)});
  });
  const about = take ? `of take ${take.id.slice(0, 12)}` : "no take yet";
  place.replaceChildren(make("p", {class: "mono"}, about), make("div", {class: "actions"}, ...actions), trim, messageLine());
}
function messageLine() {
  const element = make("p", {class: "message", role: "status"});
  if (message) { element.textContent = message.text; element.classList.toggle("bad", Boolean(message.bad)); }
  return element;
}
function drawNoteForm() {
  const place = byId("note-form");
  if (!place || !server.api) return;
  const draft = make("textarea", {id: "note", rows: "2"});
  const form = make("form", {class: "field"}, make("label", {}, "New note", draft), make("button", {class: "quiet", "data-action": "note"}, "Add"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const text = draft.value, take = takeShown ? takesOf(film.clips[open])[takeShown - 1] : null;
    if (!text.trim() || !await act("note", take ? {text, take: take.id} : {text})) return;
    const note = byId("note");
    if (note && note.value === text) note.value = "";  // else the next one has been begun meanwhile
  });
  place.replaceChildren(form);
}
/* Where the keyboard is and what has been typed there, in words that hold when the page has been drawn again. */
function held() {
  const at = document.activeElement, card = at && at.closest(".card");
  const name = at && Object.keys(at.dataset).find((each) => ["action", "take", "only"].includes(each));
  const place = !at ? null : at.id ? `#${at.id}` : card ? `#${card.id} a` : name ? `[data-${name}="${at.dataset[name]}"]` : null;
  const typed = [...document.querySelectorAll("#note, #trim-in, #trim-out")].filter((each) => each.value !== each.defaultValue);
  return {place, typed: typed.map((each) => [each.id, each.value]), marked: at && at.id === "note" ? [at.selectionStart, at.selectionEnd] : null};
}
function hold({place, typed, marked}) {
  for (const [id, value] of typed) if (byId(id)) byId(id).value = value;
  const at = place && document.querySelector(place);
  if (!at || at === document.activeElement) return;
  at.focus({preventScroll: true});
  if (marked) at.setSelectionRange(...marked);
}
let asked = 0, answered = 0;
async function refresh() {
  const number = ++asked, now = await ask("data");
  if (number < answered) return;  // what was asked for later is shown already
  answered = number;
  const was = open === null ? null : film.clips[open], kept = held(), scroll = scrollY;
  const before = was && written(was), take = was && takeShown ? takesOf(was)[takeShown - 1].id : null;
  film = now;
  draw();
  scrollTo(0, scroll);
  if (was) drawOpen(was.id, take, before);
  hold(kept);
}
const written = (clip) => JSON.stringify(clip) + film.labels.length + film.texts.length;
function drawOpen(id, take, before) {
  open = film.clips.findIndex((clip) => clip.id === id);
  if (open < 0) { leave(); return; }
  const place = takesOf(film.clips[open]).findIndex((each) => each.id === take) + 1, stays = take === null || place > 0;
  if (stays) takeShown = take === null && !film.clips[open].video ? firstTake(film.clips[open]) : place;
  else takeShown = firstTake(film.clips[open]);
  if (written(film.clips[open]) === before) return;  // what is typed stays
  drawShot(stays && videos().length > 0);
}
let digest = server.digest;
async function poll() {
  try {
    const now = await ask("state");
    if (now.digest !== digest && !document.hidden) { await refresh(); digest = now.digest; }
    byId("live").textContent = now.building ? "rendering" : "live";
  } catch (error) {  // fetch itself throws a TypeError; else the server has reported what is wrong with the film
    byId("live").textContent = error instanceof TypeError ? "the server has ended" : error.message;
  }
  setTimeout(poll, server.every);
}

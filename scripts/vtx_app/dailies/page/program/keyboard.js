/* Keyboard. */

byId("keys").addEventListener("click", () => byId("help").showModal());
function shuttle(key) {
  const [lead] = videos();
  if (!lead) return;
  if (key === "k") { lead.playbackRate = 1; if (lead.paused) play(lead); else lead.pause(); }
  if (key === "j") lead.currentTime = Math.max(0, lead.currentTime - 1);
  if (key === "l") { lead.playbackRate = lead.paused ? 1 : Math.min(4, lead.playbackRate * 2); play(lead); }
  if (key === "," || key === ".") { lead.pause(); lead.currentTime = Math.max(0, lead.currentTime + (key === "." ? 1 : -1) / film.rate); }
}
function among(key) {
  const links = shown.map((at) => cards.get(at).link), at = links.indexOf(document.activeElement);
  if (!links.length) return;
  if (at < 0) { links[0].focus(); return; }
  const here = links[at].getBoundingClientRect(), across = key === "ArrowLeft" ? -1 : key === "ArrowRight" ? 1 : 0;
  let next = at + across;
  if (!across) {
    const down = key === "ArrowDown" ? 1 : -1;
    let nearest = Infinity, row = null;
    for (let other = at + down; links[other]; other += down) {
      const box = links[other].getBoundingClientRect();
      if (row !== null && Math.abs(box.top - row) > 4) break;
      if (row === null && Math.abs(box.top - here.top) <= 4) continue;
      row = box.top;
      if (Math.abs(box.left - here.left) < nearest) { nearest = Math.abs(box.left - here.left); next = other; }
    }
  }
  if (links[next]) links[next].focus();
}
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, select"), key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (event.ctrlKey || event.metaKey || event.altKey || typing) {
    if (key === "Escape" && typing) typing.blur();
    return;
  }
  const inVideo = event.target.tagName === "VIDEO";
  if (open !== null) {
    if ("jkl,.".includes(key)) shuttle(key);
    else if (key === " " && !event.target.closest("button, video")) shuttle("k");
    else if ((key === "ArrowLeft" || key === "ArrowRight") && !inVideo) step(key === "ArrowLeft" ? -1 : 1);
    else if (key === "c") compare();
    else if (key === "Escape") leave();
    else if (/^[0-9]$/.test(key)) {
      const button = byId("takes").querySelector(`[data-take="${key}"]`);
      if (button) { comparing = false; button.click(); button.scrollIntoView({block: "nearest", inline: "nearest"}); }
    } else return;
    event.preventDefault();
  } else if (!document.querySelector("dialog[open]")) {
    if (key === "/") byId("find").focus();
    else if (key === "?") byId("help").showModal();
    else if (key.startsWith("Arrow") && (event.target.closest(".card") || event.target === document.body)) among(key);
    else return;
    event.preventDefault();
  }
});

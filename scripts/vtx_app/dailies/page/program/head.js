/* The head: what the film is, in numbers. */

function drawTotals() {
  const totals = film.totals, done = film.clips.filter((clip) => clip.shown).length;
  const approved = film.clips.filter((clip) => clip.state === "approved").length;
  const where = totals.on_gpu ? "on the GPU" : "rendering";
  const spent = totals.on_gpu ? totals.spent_on_gpu : totals.spent;
  const expected = !totals.to_render ? "nothing" : totals.expected ? `${long(totals.expected)}` : "unknown";
  const pairs = [
    ["running time", clock(film.seconds), null],
    ["shots rendered", String(done), ` of ${film.clips.length}`],
    ["approved", String(approved), null],
    [`spent ${where}`, long(spent), null],
    ["still to render", expected, totals.to_render ? ` ${plural(totals.to_render, "take")}` : null],
    ["disk", bytes(totals.take_bytes + totals.other_bytes), ` ${plural(totals.takes, "take")}`],
  ];
  byId("totals").replaceChildren(...pairs.map(([name, value, more]) =>
    make("div", {}, make("dt", {}, name), make("dd", {}, value, more && make("small", {}, more)))));
  const play = byId("play-film");
  play.hidden = !film.film;
  play.textContent = film.film_current ? "Play the film" : "Play the film as it was cut last";
}

/* The facts of a shot. */

const FROM = [["prompts/characters", "characters"], ["prompts/style_bible", "style"], ["prompts/locations", "locations"],
  ["prompts/clips", "spec"], ["story/", "story"]];
function promptList(clip) {
  return make("ol", {class: "prompt"}, ...clip.prompt.map(([text, at]) => {
    const name = at < 0 ? "" : label(at), from = FROM.find(([start]) => name.startsWith(start));
    const short = name.startsWith(`prompts/clips/${clip.spec}.yaml: `) ? name.slice(name.indexOf(": ") + 2) + " (this shot)" : name;
    return make("li", {"data-from": from ? from[1] : "other"},
      name ? make("span", {class: "mono"}, short) : null, make("q", {}, film.texts[text].trim()));
  }));
}
const section = (title, ...inside) => make("section", {}, make("h3", {}, title), ...inside);
function drawFacts() {
  const clip = film.clips[open], takes = takesOf(clip), why = (clip.why || []).map(label), parts = [];
  if (clip.error) parts.push(section("Failed", make("p", {class: "why bad"}, clip.error)));
  if (clip.lapsed) parts.push(section("Pick", make("p", {class: "why"}, "The pick has lapsed: the shot was edited since.")));
  if (why.length) parts.push(section("Out of date because of", ...why.map((line) => make("p", {class: "why"}, line))));
  if (server.api) parts.push(section("Decide", make("div", {id: "actions"})));
  if (clip.checks || clip.seeds) {
    parts.push(section("Checks", clip.checks && make("ul", {class: "checks"}, ...clip.checks.map(([digest, message, at]) => {
      const number = takes.findIndex((take) => take.id === digest) + 1, words = `take ${number}: ${message}`;
      return make("li", {class: "why"}, at === undefined ? words : make("button", {type: "button", class: "jump", onclick: () => jump(number, at)}, words));
    })), clip.seeds ? make("p", {class: "seeds"}, clip.seeds) : null));
  }
  if (clip.beats || clip.says) {
    parts.push(section("Beats", clip.beats ? make("ol", {class: "beats"}, ...clip.beats.map((beat) => make("li", {}, beat))) : null,
      ...(clip.says || []).map((line) => make("p", {class: "says"}, line))));
  }
  if (clip.notes || server.api) {
    const list = (clip.notes || []).map(([when, take, text]) => make("li", {},
      when || take ? make("span", {class: "mono"}, [when && `${when} UTC`, take && `take ${take}`].filter(Boolean).join(", ")) : null,
      make("p", {}, text)));
    parts.push(section("Notes", make("ol", {class: "notes"}, ...list), make("div", {id: "note-form"})));
  }
  parts.push(section("Prompt", promptList(clip)));
  if (clip.negative >= 0) parts.push(section("Not in the picture", make("p", {}, film.texts[clip.negative])));
  const pairs = [["length", `${clip.seconds.toFixed(2)} s, ${clip.frames} frames`],
    clip.in !== undefined && (clip.in !== 0 || clip.frames !== clip.shot) && ["shown of the shot", `frames ${clip.in} to ${clip.in + clip.frames} of ${clip.shot}`],
    clip.continues && ["continues", clip.continues], ["seed", String(clip.seed)],
    clip.asked && ["still to render", `seed ${clip.asked.join(", ")}`],
    ...takes.map((take, at) => [`take ${at + 1}`, [take.id.slice(0, 12), take.by, bytes(take.size || 0),
      take.differs && `differs in ${take.differs.map(label).join(", ")}`].filter(Boolean).join(" · ")])].filter(Boolean);
  parts.push(section("Facts", make("dl", {class: "pairs"}, ...pairs.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)]))));
  byId("facts").replaceChildren(...parts);
  drawActions();
  drawNoteForm();
}

"use strict";
(() => {
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

  /* -- The head: what the film is, in numbers. ------------------------------------------------------ */
  function drawTotals() {
    const totals = film.totals, done = film.clips.filter((clip) => clip.shown).length;
    const approved = film.clips.filter((clip) => clip.state === "approved").length;
    const where = totals.on_gpu ? "on the GPU" : "of rendering";
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

  /* -- The cut: shots along time, and the waveform of the mix below. --------------------------------- */
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

  /* -- The shots. -------------------------------------------------------------------------------------- */
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

  /* -- Filter and search. ------------------------------------------------------------------------------ */
  const ORDER = ["failed", "interrupted", "rendering", "queued", "out of date", "rejected", "planned", "rendered", "picked", "approved"];
  function drawStates() {
    const counts = new Map();
    for (const clip of film.clips) counts.set(clip.state, (counts.get(clip.state) || 0) + 1);
    const states = [...counts.keys()].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
    for (const state of chosen) if (!counts.has(state)) chosen.delete(state);
    byId("states").replaceChildren(...states.map((state) => make("button",
      {type: "button", "aria-pressed": String(chosen.has(state)), onclick: (event) => {
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

  /* -- One shot. ---------------------------------------------------------------------------------------- */
  const viewer = byId("viewer"), stage = byId("stage");
  const videos = () => [...stage.querySelectorAll("video")];
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
    for (const each of videos()) each.play().catch(() => { each.muted = true; each.play().catch(() => {}); });
    for (const button of byId("takes").querySelectorAll("[data-take]"))
      button.setAttribute("aria-pressed", String(Number(button.dataset.take) === takeShown));
    byId("compare").setAttribute("aria-pressed", String(several));
    byId("compare").disabled = takes.length < 2;
  }
  function jump(number, seconds) {
    comparing = false;
    takeShown = number;
    showStage();
    drawDeeds();
    const [lead] = videos();
    if (lead) { lead.pause(); lead.currentTime = seconds; }
  }
  /* Takes side by side start, stop and seek together: the first one leads. */
  function together() {
    const [lead, ...others] = videos();
    lead.addEventListener("play", () => others.forEach((each) => each.play().catch(() => {})));
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
      onclick: () => { takeShown = number; showStage(); drawDeeds(); }}, thumb,
    make("span", {class: "line first"}, `seed ${take.seed ?? "unknown"}`),
    make("span", {class: "line"}, [take.at, take.took !== undefined && long(take.took)].filter(Boolean).join(" · ")),
    flags.length ? make("span", {class: "line"}, flags.join(", ")) : null);
  }
  function cutButton(clip) {
    const take = shownTake(clip), image = take && take.thumb ? strip(take, Math.floor(film.thumb_frames / 2)) : null;
    return make("button", {type: "button", class: "take", "data-take": 0, "aria-pressed": "true",
      onclick: () => { takeShown = 0; showStage(); drawDeeds(); }},
    make("span", {class: "thumb"}, image || make("span", {class: "none"}, "no picture"), make("span", {class: "key"}, "0")),
    make("span", {class: "line first"}, clip.stale ? "clip, out of date" : "as it is cut"),
    make("span", {class: "line"}, `${clip.seconds.toFixed(2)} s`));
  }
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
    if (server.api) parts.push(section("Decide", make("div", {id: "deeds"})));
    if (clip.checks) {
      parts.push(section("Checks", make("ul", {class: "checks"}, ...clip.checks.map(([digest, message, at]) => {
        const number = takes.findIndex((take) => take.id === digest) + 1, words = `take ${number}: ${message}`;
        return make("li", {class: "why"}, at === undefined ? words : make("button", {type: "button", class: "jump", onclick: () => jump(number, at)}, words));
      }))));
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
    drawDeeds();
    drawNoteForm();
  }
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
    said = null;
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
    if (at >= 0) show(at);
    else if (viewer.open) viewer.close();
  }
  viewer.addEventListener("close", () => {
    const at = open;
    stage.replaceChildren();
    open = null;
    document.title = `${film.title} – dailies`;
    if (location.hash.length > 1) history.replaceState(null, "", location.pathname + location.search);
    const each = cards.get(at);
    if (each) { each.item.scrollIntoView({block: "nearest"}); each.link.focus({preventScroll: true}); } else if (opener) opener.focus();
    drawCut();
  });
  function step(by) {
    const place = shown.indexOf(open), next = place < 0 ? shown.find((at) => (by > 0 ? at > open : at < open)) : shown[place + by];
    if (next !== undefined) location.hash = film.clips[next].id;
  }
  byId("close").addEventListener("click", () => viewer.close());
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
    element.play().catch(() => {});
  });

  /* -- Keyboard. ----------------------------------------------------------------------------------------- */
  byId("keys").addEventListener("click", () => byId("help").showModal());
  function shuttle(key) {
    const [lead] = videos();
    if (!lead) return;
    if (key === "k") { lead.playbackRate = 1; if (lead.paused) lead.play(); else lead.pause(); }
    if (key === "j") lead.currentTime = Math.max(0, lead.currentTime - 1);
    if (key === "l") { lead.playbackRate = lead.paused ? 1 : Math.min(4, lead.playbackRate * 2); lead.play(); }
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

  /* -- Decisions, where a server takes them. ---------------------------------------------------------------- */
  let said = null;
  function say(text, bad) {
    said = {text, bad};
    for (const element of document.querySelectorAll(".told")) { element.textContent = text; element.classList.toggle("bad", Boolean(bad)); }
  }
  async function ask(path, body) {
    const options = body === undefined ? {} : {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify(body)};
    const answer = await fetch(`${server.api}/${path}`, {...options, cache: "no-store"});
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.error || answer.statusText);
    return told;
  }
  async function act(deed, more) {
    const clip = film.clips[open];
    say("…");
    try {
      const told = await ask(deed, {clip: clip.id, tier: film.tier, ...more});
      await refresh();
      say(told.told);
      return true;
    } catch (error) {
      say(error.message, true);
      return false;
    }
  }
  function drawDeeds() {
    const place = byId("deeds");
    if (!place || open === null) return;
    const clip = film.clips[open], take = takeShown ? takesOf(clip)[takeShown - 1] : takesOf(clip).find((each) => each.id === clip.shown);
    const button = (text, deed, more, kind) => make("button", {type: "button", class: `quiet ${kind || ""}`, "data-deed": deed,
      onclick: () => act(deed, more())}, text);
    const ofTake = () => ({take: take.id});
    const deeds = take ? [button("Approve", "approve", ofTake, "good"), button("Pick", "pick", ofTake), button("Reject", "reject", ofTake)] : [];
    if (clip.state === "approved" || clip.state === "picked") deeds.push(button("Undo the choice", "unfreeze", () => ({})));
    deeds.push(button("Another seed", "reroll", () => ({seeds: 1})));
    const first = make("input", {type: "number", value: String(clip.in ?? 0)});
    const end = make("input", {type: "number", value: String((clip.in ?? 0) + clip.frames)});
    const trim = make("form", {class: "field"}, make("label", {class: "short"}, "in, frame", first), make("label", {class: "short"}, "out, before", end),
      make("button", {class: "quiet", "data-deed": "trim"}, "Trim"),
      make("button", {type: "button", class: "quiet", onclick: () => act("trim", {clear: true})}, "Whole shot"));
    trim.addEventListener("submit", (event) => {
      event.preventDefault();
      act("trim", {in: Number(first.value), out: Number(end.value)});
    });
    const about = take ? `of take ${take.id.slice(0, 12)}` : "no take yet";
    place.replaceChildren(make("p", {class: "mono"}, about), make("div", {class: "deeds"}, ...deeds), trim, told());
  }
  function told() {
    const element = make("p", {class: "told", role: "status"});
    if (said) { element.textContent = said.text; element.classList.toggle("bad", Boolean(said.bad)); }
    return element;
  }
  function drawNoteForm() {
    const place = byId("note-form");
    if (!place || !server.api) return;
    const draft = make("textarea", {id: "note", rows: "2"});
    const form = make("form", {class: "field"}, make("label", {}, "New note", draft), make("button", {class: "quiet", "data-deed": "note"}, "Add"));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const text = draft.value, take = takeShown ? takesOf(film.clips[open])[takeShown - 1] : null;
      if (text.trim() && await act("note", take ? {text, take: take.id} : {text})) byId("note").value = "";
    });
    place.replaceChildren(form);
  }
  async function refresh() {
    const id = open === null ? null : film.clips[open].id, take = takeShown ? takesOf(film.clips[open])[takeShown - 1].id : null;
    const draft = byId("note") ? byId("note").value : "", typing = document.activeElement && document.activeElement.id === "note";
    const was = open === null ? "" : JSON.stringify(film.clips[open]) + film.labels.length + film.texts.length;
    film = await ask("data");
    const scroll = scrollY;
    draw();
    scrollTo(0, scroll);
    if (id === null) return;
    open = film.clips.findIndex((clip) => clip.id === id);
    if (open < 0) { viewer.close(); return; }
    const place = takesOf(film.clips[open]).findIndex((each) => each.id === take) + 1, stays = take === null || place > 0;
    if (stays) takeShown = take === null && !film.clips[open].video ? firstTake(film.clips[open]) : place;
    else takeShown = firstTake(film.clips[open]);
    if (JSON.stringify(film.clips[open]) + film.labels.length + film.texts.length === was) return;  // what is typed stays
    drawShot(stays && videos().length > 0);
    if (byId("note")) { byId("note").value = draft; if (typing) byId("note").focus(); }
  }
  let digest = server.digest;
  async function poll() {
    try {
      const now = await ask("state");
      if (now.digest !== digest && !document.hidden) { digest = now.digest; await refresh(); }
      byId("live").textContent = now.building ? "rendering" : "live";
    } catch (error) {  // fetch itself throws a TypeError; else the server has said what is wrong with the film
      byId("live").textContent = error instanceof TypeError ? "the server has ended" : error.message;
    }
    setTimeout(poll, server.every);
  }

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
})();

/* The review page: which article is open, what the keys do, and that every action goes to the server in its turn. */
"use strict";

(function () {
  const { article: pages, cards: records, cursor: cursors } = window.Extractor;
  const { element, offsets, show, link, write } = pages;
  const at = (id) => document.getElementById(id);
  const [text, note, list, filter] = ["text", "note", "list", "filter"].map(at);
  let session = null;
  let open = null;
  let shown = "";
  let listed = "";
  let last = Promise.resolve();
  let keys = Promise.resolve();
  let adding = false;

  const cards = records.make(at("cards"), act, moved);
  const cursor = cursors.attach(text, markUnits, () => cards.focus());

  async function ask(path, body) {
    const options = { headers: { Accept: "application/json" } };
    if (body !== undefined) {
      Object.assign(options, { method: "POST", body: JSON.stringify(body) });
      options.headers["Content-Type"] = "application/json";
    }
    let answer;
    try {
      answer = await fetch(path, options);
    } catch {
      throw new Error("The server does not answer: nothing was saved. Start `extractor review` again.");
    }
    const told = await answer.json().catch(() => ({ error: "The server refuses: open the address that it printed last." }));
    if (told.error) throw new Error(told.error);
    return told;
  }

  /* One request at a time, in the order in which things were done. */
  function queue(work) {
    last = last.then(work).then(
      () => complain(""),
      (error) => complain(error.message),
    );
    return last;
  }

  function complain(sentence) {
    at("error").textContent = sentence;
    at("error").hidden = !sentence;
  }

  function say(sentence) {
    at("told").textContent = sentence;
  }

  function act(action) {
    const number = open?.number;
    if (number === undefined) return last;
    return queue(async () => {
      const told = await ask(`/api/articles/${number}`, action);
      took(told);
      say(SAID[action.action] || "Saved.");
    });
  }

  const SAID = { accept: "Accepted.", delete: "Deleted; u brings it back.", add: "A new record.", mark: "Marked.", unmark: "Unmarked.", note: "Note saved." };

  /* Show what the server now holds of an article. */
  function took(told) {
    session.articles[told.number] = told.entry;
    session.steps = told.steps;
    if (open?.number === told.number) {
      open = { ...open, ...told };
      cards.update(open);
      refresh();
    }
    progress();
  }

  async function load(number) {
    const told = await ask(`/api/articles/${number}`);
    open = told;
    shown = "";
    cursor.reset();
    const { id, published, publisher } = told.article;
    at("title").replaceChildren();
    write(at("title"), told.entry.title);
    at("about").replaceChildren();
    write(at("about"), [id, publisher, published].filter(Boolean).join(" · "));
    cards.load(open, session.fields);
    at("reading").scrollTop = 0;
    refresh();
    progress();
    history.replaceState(null, "", `#${number}`);
  }

  function refresh() {
    if (document.activeElement !== note) note.value = open.note;
    at("empty").hidden = open.records.length > 0;
    at("accept-all").hidden = !open.records.some((record) => !record.settled);
    at("done").firstChild.data = open.done ? "Not done after all " : "Done, next ";
    paint();
  }

  /* Mark the evidence of the open record in the text; the text is filled in anew only if that has changed. */
  function paint() {
    const draft = cards.draft();
    const marks = [];
    session.fields.forEach((field, colour) => {
      const spans = draft?.undecided[field.name]?.flatMap((one) => one.evidence) || draft?.evidence[field.name];
      if (spans) marks.push({ id: `mark-${field.name}`, spans, colour, label: field.label });
    });
    const now = JSON.stringify([open.number, marks]);
    if (now === shown) return;
    shown = now;
    show(text, open.article, marks);
    for (const one of document.querySelectorAll(".record.open [data-field]")) one.dataset.value = `mark-${one.dataset.field}`;
    cursor.restore();
  }

  function moved() {
    const field = session.fields.find((one) => one.name === cards.chosen());
    at("chosen").textContent = cards.draft() && field ? `Words that you select are marked for: ${field.label}` : "";
    if (open) paint();
  }

  function markUnits(start, end) {
    const { point } = offsets(open.article.text);
    if (cards.current() < 0) return complain("There is no record to mark words for; add one with i.");
    return act({ action: "mark", record: cards.current(), field: cards.chosen(), start: point(start), end: point(end) });
  }

  /* By mouse: the annotation library follows the selection and hands over its place in the text. */
  function selectable() {
    const annotator = window.TextAnnotator.createTextAnnotator(at("words"), { annotatingEnabled: false });
    at("words").addEventListener("pointerdown", () => annotator.setAnnotatingEnabled(true), true);
    document.addEventListener("keydown", () => annotator.setAnnotatingEnabled(false), true);
    annotator.on("createAnnotation", (annotation) => {
      const { start, end } = annotation.target.selector[0];
      annotator.clearAnnotations();
      getSelection().removeAllRanges();
      markUnits(start, end);
    });
  }

  /* The list */

  const wanted = ({ state }) => filter.value === "all" || (filter.value === "done") === (state === "done");

  function progress() {
    const done = session.articles.filter((one) => one.state === "done").length;
    at("progress").max = session.articles.length;
    at("progress").value = done;
    at("progress-words").textContent = `${done} of ${session.articles.length} done`;
    [at("undo").disabled, at("redo").disabled] = session.steps.map((count) => !count);
    const now = [filter.value, open?.number, ...session.articles.map((one) => one.state[0])].join();
    if (now === listed) return; // filling in thousands of articles for nothing would be felt
    listed = now;
    const items = session.articles.map((entry, number) => [entry, number]).filter(([entry, number]) => wanted(entry) || number === open?.number);
    const focused = document.activeElement?.dataset.number;
    list.replaceChildren(...items.map(([entry, number]) => item(entry, number)));
    if (focused !== undefined) list.querySelector(`[data-number="${focused}"]`)?.focus();
    at("none").hidden = items.length > 0;
  }

  const STATES = { open: "", begun: "begun", done: "done" };

  function item(entry, number) {
    const current = number === open?.number ? "true" : null;
    const button = element("button", { type: "button", "data-number": number, "aria-current": current });
    button.append(write(element("bdi", {}), entry.title), " ", element("span", { class: "state" }, STATES[entry.state]));
    button.addEventListener("click", () => visit(number));
    return element("li", { "data-state": entry.state }, button);
  }

  function visit(number) {
    return queue(async () => {
      await load(number);
      at("title").focus();
      list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
    });
  }

  function step(by) {
    for (let number = (open?.number ?? -1) + by; session.articles[number]; number += by) {
      if (wanted(session.articles[number])) return visit(number);
    }
    return say(by > 0 ? "This is the last article of the list." : "This is the first article of the list.");
  }

  function done() {
    if (!open) return undefined;
    const finish = !open.done;
    return act({ action: "finish", done: finish }).then(() => {
      if (!finish || !open.done) return undefined;
      const left = session.articles.findIndex((one, number) => number > open.number && one.state !== "done");
      const next = left >= 0 ? left : session.articles.findIndex((one) => one.state !== "done");
      return next >= 0 ? visit(next) : say("All articles are done.");
    });
  }

  function undo(path) {
    return queue(async () => {
      const told = await ask(path, {});
      if (told.number !== open?.number) await load(told.number);
      took(told);
      say(path.endsWith("undo") ? "Undone." : "Done again.");
    });
  }

  /* The keys */

  function cycle() {
    filter.value = { todo: "done", done: "all", all: "todo" }[filter.value];
    progress();
    say(`Shown: ${filter.selectedOptions[0].text}`);
  }

  function edit() {
    if (cards.current() >= 0) cards.focus();
  }

  /* Until the new form is there, keys do nothing: what is typed is meant for it. */
  async function add() {
    adding = true;
    await act({ action: "add" });
    adding = false;
    cards.focus();
  }

  const one = (action) => () => cards.current() >= 0 && act({ action, record: cards.current() });
  const decide = (index) => () => {
    const version = cards.draft()?.undecided[cards.chosen()]?.[index];
    return version && act({ action: "decide", record: cards.current(), field: cards.chosen(), by: version.by }).then(undecided);
  };

  /* After a decision, go on to the next one. */
  function undecided() {
    const [name] = Object.keys(cards.draft()?.undecided || {});
    if (name) cards.choose(name);
  }

  const KEYS = {
    j: () => step(1), k: () => step(-1), n: () => cards.step(1), p: () => cards.step(-1), v: cycle,
    a: one("accept"), A: () => act({ action: "accept" }), i: add, x: one("delete"), e: edit,
    "[": () => cards.field(-1), "]": () => cards.field(1), t: () => text.focus(), m: () => note.focus(), d: done,
    u: () => undo("/api/undo"), r: () => undo("/api/redo"), 1: decide(0), 2: decide(1), "?": () => at("help").showModal(),
  };

  const AT_ONCE = ["i", "e", "t", "m", "?"]; // what moves the focus; all else waits for what was asked before

  function pressed(event) {
    const field = event.target.closest?.("input:not([type=checkbox]), select, textarea");
    if (event.key === "Escape" && field && !at("help").open) {
      event.preventDefault();
      field === note ? at("title").focus() : cards.toggle();
    }
    if (field || at("help").open || event.ctrlKey || event.metaKey || event.altKey || !at("keys").checked) return;
    const wantedKey = KEYS[event.key];
    if (!wantedKey) return;
    event.preventDefault();
    if (adding) return;
    if (AT_ONCE.includes(event.key)) wantedKey();
    else keys = keys.then(wantedKey);
  }

  document.addEventListener("keydown", pressed);
  at("undo").addEventListener("click", KEYS.u);
  at("redo").addEventListener("click", KEYS.r);
  at("add").addEventListener("click", add);
  at("accept-all").addEventListener("click", KEYS.A);
  at("done").addEventListener("click", done);
  at("help-button").addEventListener("click", KEYS["?"]);
  filter.addEventListener("change", progress);
  note.addEventListener("change", () => act({ action: "note", text: note.value }));

  queue(async () => {
    session = await ask("/api/session");
    const kinds = { review: "Review", blind: "Labelling", adjudicate: "Adjudication" };
    at("heading").textContent = `${kinds[session.mode]}: ${session.unit}`;
    document.title = `${kinds[session.mode]}: ${session.unit}`;
    at("who").textContent = [session.by, session.labels].filter(Boolean).join(" · ");
    link(at("main"));
    selectable();
    const asked = Number(location.hash.slice(1));
    const first = session.articles.findIndex((entry) => entry.state !== "done");
    await load(location.hash && session.articles[asked] ? asked : Math.max(first, 0));
  });
})();

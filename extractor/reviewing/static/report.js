/* The report: filters, keys, the views, light and dark. */
"use strict";

(function () {
  const { article, charts, data, events, facts, highlight, list } = window.Extractor; // no events in a page without
  const { element } = article;
  const { index } = data;
  const byId = (id) => document.getElementById(id);
  const [search, choices, found, help, more] = ["search", "choices", "found", "help", "more"].map(byId);
  const numbers = new Map(index.articles.map(([id], number) => [id.toWellFormed(), number]));
  const rules = { kind: "any", verdict: "", least: 0, choices: {} };
  let result = null;
  let drawn = null;

  function select(label, options, change) {
    const box = element("select", {}, ...options.map(([value, shown]) => element("option", { value }, shown)));
    box.addEventListener("change", () => {
      change(box.value);
      update();
    });
    choices.append(element("label", {}, element("span", {}, label), box));
  }

  function makeFilters() {
    const kinds = [["any", "all"], ["records", "with records"], ["none", "without records"], ["rejected", "with rejected values"], ["failed", "failed"]];
    select("Articles", kinds, (value) => (rules.kind = value));
    for (const name of index.chosen) {
      const field = index.fields.find((one) => one.name === name);
      const options = [["", "any"], ...field.choices.map(([value]) => [value, value.replaceAll("_", " ")])];
      select(field.label, options, (value) => (rules.choices[name] = value));
    }
    select("Verdict", [["", "any"], ...["stated", "derived", "judged"].map((one) => [one, `has a ${one} value`])], (value) => (rules.verdict = value));
    if (index.records.some((row) => row[1] !== null)) makeSlider();
  }

  function makeSlider() {
    const shown = element("output", {}, "any");
    const slider = element("input", { type: "range", min: 0, max: 1, step: 0.05, value: 0 });
    slider.addEventListener("input", () => {
      rules.least = Number(slider.value);
      shown.textContent = rules.least ? `${rules.least.toFixed(2)} or more` : "any";
      update();
    });
    choices.append(element("label", { class: "slider" }, element("span", {}, "Confidence ", shown), slider));
  }

  function update() {
    result = data.find(search.value, rules);
    list.fill(result.articles);
    const active = [rules.kind !== "any", rules.verdict, rules.least, ...Object.values(rules.choices)].filter(Boolean).length;
    byId("active").textContent = active ? `(${active})` : "";
    events?.filter(search.value);
    tell();
    if (document.body.dataset.view === "charts") draw();
    showSearched();
  }

  const seesEvents = () => ["events", "event"].includes(document.body.dataset.view);

  function tell() {
    const partial = search.value && !data.isSearchable() ? " so far" : "";
    const of = result.articles.length < index.articles.length ? ` of ${index.articles.length.toLocaleString("en")}` : "";
    const records = list.many(result.records.length, "record");
    found.textContent = seesEvents() ? events.told() : `${result.articles.length.toLocaleString("en")}${of} articles, ${records}${partial}`;
  }

  const showSearched = () => highlight.show(document.querySelector(".article .text"), data.terms(search.value));

  function draw() {
    if (drawn === result) return;
    drawn = result;
    charts.show(byId("charts"), result.records);
  }

  function view(name) {
    document.body.dataset.view = name;
    const page = { article: "articles", event: "events" }[name] || name;
    for (const section of document.querySelectorAll(".view")) section.hidden = section.id !== page;
    for (const link of document.querySelectorAll("[data-to]")) {
      if (link.dataset.to === page) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
    if (name === "charts") draw();
    if (name === "run") facts.show(byId("run"));
    if (name === "events") events.show();
    tell();
  }

  function route() {
    const [name, id] = location.hash.slice(1).split("/");
    if (name === "article" && list.open(numbers.get(decoded(id)) ?? -1)) enter("article", "reading");
    else if (name === "event" && events?.open(decoded(id))) enter("event", "event");
    else view(["charts", "run", ...(events ? ["events"] : [])].includes(name) ? name : "articles");
    if (list.current() === null && result.articles.length) list.open(result.articles[0]);
    showSearched();
  }

  /* On a telephone the list makes way for what is open, and so does the place where one reads on. */
  function enter(name, place) {
    view(name);
    if (document.activeElement !== document.body && !document.activeElement.checkVisibility()) byId(place).focus();
  }

  function decoded(id) {
    try {
      return decodeURIComponent(id);
    } catch {
      return "";
    }
  }

  function leave() {
    if (document.activeElement === search && search.value) {
      search.value = "";
      update();
    } else if (document.activeElement !== document.body) {
      document.activeElement.blur();
    } else if (document.body.dataset.view !== "articles") {
      location.hash = document.body.dataset.view === "event" ? "#events" : "#articles";
    }
  }

  const step = (by) => (seesEvents() ? events : list).step(by);

  function turn() {
    const root = document.documentElement;
    const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
  }

  const keys = {
    j: () => step(1), ArrowDown: () => step(1), k: () => step(-1), ArrowUp: () => step(-1),
    "/": () => search.focus(), "?": () => help.showModal(), t: turn, Escape: leave,
    f: () => { if (!more.checkVisibility()) return; more.open = !more.open; if (more.open) choices.querySelector("select").focus(); },
    4: () => { if (events) location.hash = "#events"; },
    1: () => (location.hash = "#articles"), 2: () => (location.hash = "#charts"), 3: () => (location.hash = "#run"),
  };

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    const writes = event.target instanceof Element && event.target.matches("input, select, textarea");
    const scrolls = event.target instanceof Element && event.target.matches(".text, .wide, .picture, .sources");
    if ((writes && event.key !== "Escape") || (scrolls && event.key.startsWith("Arrow"))) return;
    if (!Object.hasOwn(keys, event.key)) return;
    event.preventDefault();
    keys[event.key]();
  }

  makeFilters();
  update();
  route();
  addEventListener("hashchange", route);
  addEventListener("keydown", pressed);
  addEventListener("resize", () => { drawn = null; if (document.body.dataset.view === "charts") draw(); if (document.body.dataset.view === "events") events.draw(); });
  search.addEventListener("input", update);
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("theme").addEventListener("click", turn);
  byId("help-button").addEventListener("click", () => help.showModal());
  data.whenSearchable(() => { if (search.value) update(); });
  setTimeout(data.prepare, 200);
})();

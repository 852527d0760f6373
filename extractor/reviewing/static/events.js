/* The view of events: the list, and beside it timeline and map, or the event that is open.
 *
 *   filter(query)  → lists the events that have these words
 *   told()         → how many are listed, in words
 *   open(id)       → shows an event; false if there is none
 *   step(by)       → opens the next (1) or previous (-1) event of the list
 *   show()         → shows timeline and map; `draw` draws them anew
 */
"use strict";

(function () {
  const { article, data, event, eventData, list, map, timeline } = window.Extractor;
  const { element, write } = article;
  const { index } = eventData;
  const PAGE = 60;
  const byId = (id) => document.getElementById(id);
  const [root, overview, opened, more] = ["event-list", "overview", "event", "more-events"].map(byId);
  const numbers = new Map(index.rows.map((row, number) => [row.id, number]));
  const isolated = (text, kind) => write(element("bdi", { class: kind }), text);
  const addressOf = (number) => `#event/${encodeURIComponent(index.rows[number].id)}`;
  let found = [];
  let shown = 0;
  let current = null;
  let kind = "who";
  let drawn = "";

  function item(number) {
    const row = index.rows[number];
    const marks = element("span", { class: "counts" }, element("span", { class: "tag" }, list.many(row.articles, "article")));
    if (row.disagreements) marks.append(element("span", { class: "tag rejected" }, list.many(row.disagreements, "disagreement")));
    const about = [row.when || (row.published ? `reported ${row.published}` : null), row.status].filter(Boolean).join(" · ");
    const [who, ...rest] = row.called;
    const parts = [isolated(who, "title"), rest.length ? isolated(rest.join(" · "), "told") : null, isolated(about, "about"), marks];
    return element("li", {}, element("a", { href: addressOf(number), "aria-current": number === current ? "true" : null }, ...parts));
  }

  function extend(count = PAGE) {
    const some = found.slice(shown, shown + count);
    root.append(...some.map(item));
    shown += some.length;
    more.hidden = shown >= found.length;
  }

  function filter(query) {
    found = eventData.find(query);
    shown = 0;
    root.replaceChildren();
    extend();
    if (!found.length) root.append(element("li", { class: "empty" }, "No event matches. Esc empties the search."));
    if (overview.checkVisibility()) draw();
  }

  function mark() {
    const here = current === null ? "" : addressOf(current);
    for (const link of root.querySelectorAll("a")) {
      if (link.getAttribute("href") === here) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    root.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  function choice() {
    const kinds = [["who", `By ${eventData.who}`], ["pair", "By countries"]];
    const buttons = kinds.map(([value, label]) => {
      const button = element("button", { type: "button", "data-kind": value, "aria-pressed": String(kind === value) }, label);
      button.addEventListener("click", () => {
        kind = value;
        draw();
        overview.querySelector(`[data-kind="${value}"]`).focus();
      });
      return button;
    });
    return element("div", { class: "switch", role: "group", "aria-label": "Rows of the timeline" }, ...buttons);
  }

  function draw() {
    const width = Math.max(300, Math.min(overview.clientWidth - 40, 1100));
    const wanted = JSON.stringify([width, kind, found]);
    if (drawn === wanted) return;
    drawn = wanted;
    const parts = [timeline.show(found, width, kind)];
    if (index.pair) parts.unshift(choice());
    if (index.pair) parts.push(map.show(found, width));
    overview.replaceChildren(...parts);
  }

  function show() {
    current = null;
    overview.hidden = false;
    opened.hidden = true;
    mark();
    draw();
  }

  function turnTo(number) {
    current = number;
    overview.hidden = true;
    opened.hidden = false;
    event.show(opened, number);
    mark();
    if (matchMedia("(max-width: 800px)").matches) scrollTo(0, 0);
  }

  function open(id) {
    if (!numbers.has(id)) return false;
    if (current !== numbers.get(id)) turnTo(numbers.get(id));
    return true;
  }

  function step(by) {
    const place = found.indexOf(current);
    const wanted = place < 0 ? 0 : place + by;
    if (wanted < 0 || wanted >= found.length) return;
    if (wanted >= shown) extend(wanted - shown + PAGE);
    turnTo(found[wanted]); // at once: the address changes later, and keys may come faster than that
    location.hash = addressOf(found[wanted]);
  }

  function told() {
    const of = found.length < index.rows.length ? ` of ${index.rows.length.toLocaleString("en")}` : "";
    return `${found.length.toLocaleString("en")}${of} events in ${index.store}`;
  }

  /* What is drawn can be clicked; list and tables say the same to those who use no mouse. */
  overview.addEventListener("click", (clicked) => {
    const one = clicked.target.closest("[data-event], [data-find]");
    if (one?.hasAttribute("data-event")) location.hash = addressOf(Number(one.getAttribute("data-event")));
    if (one?.hasAttribute("data-find")) {
      const search = byId("search");
      search.value = one.getAttribute("data-find");
      search.dispatchEvent(new Event("input"));
    }
  });
  more.addEventListener("click", () => extend());

  window.Extractor.events = { filter, told, open, step, show, draw };
})();

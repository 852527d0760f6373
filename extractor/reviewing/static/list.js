/* The list of articles, some at a time, and the article that is open.
 *
 *   fill(numbers)    → lists these articles, the open one among them if it is there
 *   open(number)     → shows an article; false if there is none
 *   step(by)         → opens the next (1) or previous (-1) article of the list
 *   current()        → the number of the open article, or null
 */
"use strict";

(function () {
  const { article: pages, data } = window.Extractor;
  const { element, write } = pages;
  const PAGE = 60;
  const list = document.getElementById("list");
  const pane = document.getElementById("list-pane");
  const more = document.getElementById("next-page");
  const reading = document.getElementById("reading");
  const told = new Map();
  let numbers = [];
  let shown = 0;
  let open = null;

  for (const row of data.index.records) told.set(row[0], [...(told.get(row[0]) || []), row[3]]);

  const addressOf = (id) => `#article/${encodeURIComponent(id.toWellFormed())}`;
  const isolated = (text, kind) => write(element("bdi", { class: kind }), text);
  const many = (count, what) => `${count.toLocaleString("en")} ${what}${count === 1 ? "" : "s"}`;

  function item(number) {
    const [id, title, published, publisher, rejected, failed] = data.index.articles[number];
    const about = element("span", { class: "about" }, isolated([publisher, published].filter(Boolean).join(" · ") || id, ""));
    const marks = element("span", { class: "counts" });
    if (failed) marks.append(element("span", { class: "tag failed" }, "failed"));
    else marks.append(element("span", { class: "tag" }, many(data.counts[number], "record")));
    if (rejected) marks.append(element("span", { class: "tag rejected" }, `${rejected} rejected`));
    const records = (told.get(number) || []).slice(0, 3).map((one) => isolated(one, "told"));
    const link = element(
      "a",
      { href: addressOf(id), "data-number": number, "aria-current": number === open ? "true" : null },
      isolated(title, "title"),
      about,
      ...records,
      marks,
    );
    return element("li", {}, link);
  }

  function extend(count = PAGE) {
    const some = numbers.slice(shown, shown + count);
    list.append(...some.map(item));
    shown += some.length;
    more.hidden = shown >= numbers.length;
  }

  function fill(found) {
    numbers = found;
    shown = 0;
    list.replaceChildren();
    extend();
    pane.scrollTop = 0;
    if (!numbers.length) list.append(element("li", { class: "empty" }, "No article matches. Esc empties the search."));
  }

  function mark() {
    for (const link of list.querySelectorAll("a")) {
      if (Number(link.dataset.number) === open) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    list.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }

  function section(title, kind, ...children) {
    return element("section", { class: kind, "aria-label": title }, element("h3", {}, title), ...children);
  }

  function headline(one) {
    const known = [one.publisher, one.published, one.id].filter(Boolean).map((text) => isolated(text, ""));
    if (one.url && /^https?:\/\//i.test(one.url)) {
      known.push(element("a", { href: one.url, rel: "noopener noreferrer", target: "_blank" }, "original"));
    }
    const about = element("p", { class: "about" });
    known.forEach((part, place) => about.append(place ? " · " : "", part));
    const back = element("button", { type: "button", class: "back" }, "← All articles");
    back.addEventListener("click", () => (location.hash = "#articles"));
    return element("header", {}, back, element("h2", {}, isolated(one.title, "")), about);
  }

  function refused(one) {
    const rows = one.rejected.map((value) =>
      element(
        "li",
        {},
        element("span", { class: "field" }, value.field ? value.field.replaceAll("_", " ") : "record"),
        " ",
        isolated(value.value, "words"),
        isolated(value.reason, "reason"),
      ),
    );
    return section("Rejected", "rejections", element("ul", {}, ...rows));
  }

  function show(number) {
    if (!(number >= 0 && number < data.index.articles.length)) return false;
    if (number === open) return true;
    open = number;
    const one = data.article(number);
    const cards = element("div", { class: "cards" });
    const text = element("div", { class: "text", lang: one.language || null, tabindex: 0, role: "group", "aria-label": "Text of the article" });
    pages.records(cards, one, data.index.fields);
    pages.show(text, one, pages.marksOf(one, data.index.fields));
    const beside = element("div", { class: "beside" });
    if (one.error) beside.append(section("Failed", "failure", isolated(one.error, "reason")));
    if (one.records.length) beside.append(section(many(one.records.length, "record"), "records", cards));
    else if (!one.error) beside.append(section("No records", "records"));
    if (one.rejected.length) beside.append(refused(one));
    reading.replaceChildren(element("div", { class: "article" }, headline(one), beside, section("Article", "words", text)));
    reading.scrollTop = 0;
    if (matchMedia("(max-width: 800px)").matches) scrollTo(0, 0);
    mark();
    return true;
  }

  function step(by) {
    const place = numbers.indexOf(open);
    const wanted = place < 0 ? 0 : place + by;
    if (wanted < 0 || wanted >= numbers.length) return;
    if (wanted >= shown) extend(wanted - shown + PAGE);
    show(numbers[wanted]); // at once: the address changes later, and keys may come faster than that
    location.hash = addressOf(data.index.articles[numbers[wanted]][0]);
  }

  more.addEventListener("click", () => extend());
  pane.addEventListener("scroll", () => {
    if (!more.hidden && pane.scrollTop + pane.clientHeight > pane.scrollHeight - 600) extend();
  });
  pages.link(reading);

  window.Extractor.list = { fill, open: show, step, current: () => open, first: () => numbers[0], many };
})();

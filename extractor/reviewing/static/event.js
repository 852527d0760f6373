/* One event: its values and how they were chosen, what is in dispute, how it went on, and its sources side by side, each
 * with the words it rests on. `show(root, number)` fills `root`. */
"use strict";

(function () {
  const { article: pages, data, eventData, list } = window.Extractor;
  const { element, write } = pages;
  const { index, label } = eventData;
  const WHOLE = 900; // code points; a longer article is shown in excerpts
  const AROUND = 140; // code points before and after the words
  const fields = data.index.fields;
  const isolated = (text, kind) => write(element("bdi", kind ? { class: kind } : {}), text);
  const addressOf = (id) => `#article/${encodeURIComponent(id.toWellFormed())}`;

  function value(one) {
    const made = element("span", {}, isolated(one.shown, "words"));
    if (one.meaning) made.append(" ", isolated(one.meaning, "meaning"));
    return made;
  }

  function section(title, kind, ...children) {
    return element("section", { class: kind, "aria-label": title }, element("h3", {}, title), ...children);
  }

  const joined = (parts) => parts.flatMap((part, place) => (place ? [" · ", part] : [part]));

  function headline(row, event) {
    const back = element("button", { type: "button", class: "back" }, "← All events");
    back.addEventListener("click", () => (location.hash = "#events"));
    const known = [row.when, row.status, list.many(row.articles, "article"), event.person, row.id].filter(Boolean);
    const about = element("p", { class: "about" }, ...joined(known.map((text) => isolated(text))));
    if (event.formerly.length) about.append(" · formerly ", isolated(event.formerly.join(", ")));
    return element("header", {}, back, element("h2", {}, isolated(row.called.join(" · "))), about);
  }

  function values(event) {
    const disputed = new Set(event.disagreements.map((one) => one.field));
    const rows = fields.filter((field) => event.values[field.name]).map((field) => {
      const one = event.values[field.name];
      const how = element("td", {}, element("span", { class: "how" }, one.how));
      if (disputed.has(field.name)) how.append(" ", element("span", { class: "tag rejected" }, "in dispute"));
      return element("tr", {}, element("th", { scope: "row" }, field.label), element("td", {}, value(one)), how);
    });
    const head = element("tr", {}, ...["Field", "Value", "How it was chosen"].map((name) => element("th", { scope: "col" }, name)));
    const table = element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
    return section("Values", "chosen", element("div", { class: "wide", tabindex: 0, role: "group", "aria-label": "Values" }, table));
  }

  function disputes(event) {
    const items = event.disagreements.map((one) =>
      element("li", {}, element("span", { class: "field" }, label(one.field)), " ", value(one), " ", isolated(one.articles.join(", "), "about")),
    );
    return section("Disagreements", "rejections", element("ul", {}, ...items));
  }

  function history(event) {
    const items = event.history.map(([published, stage, id, publisher]) =>
      element("li", {}, isolated(published || "no day", "day"), " ", isolated(stage, "words"), " ", isolated(publisher || id, "about")),
    );
    return section(`${label(index.course)}, by publication`, "history", element("ol", {}, ...items));
  }

  /* The stretches of a text, [start, end) in code points, that hold the words with some more around them. */
  function stretches(text, length, spans) {
    if (length <= WHOLE) return [[0, length]];
    const { unit, point } = pages.offsets(text);
    const found = [];
    for (const [start, end] of [...spans].sort((a, b) => a[0] - b[0])) {
      const before = text.slice(unit(Math.max(0, start - AROUND)), unit(start));
      const after = text.slice(unit(end), unit(Math.min(length, end + AROUND)));
      const space = start > AROUND ? before.search(/\s/) + 1 : 0;
      const cut = end + AROUND < length ? Math.max(0, after.search(/\s\S*$/)) || after.length : after.length;
      const from = point(unit(start) - before.length + space);
      const to = point(unit(end) + cut);
      const last = found[found.length - 1];
      if (last && from <= last[1] + 40) last[1] = Math.max(last[1], to);
      else found.push([from, to]);
    }
    return found;
  }

  function excerpts(one, marks) {
    const { unit, point } = pages.offsets(one.text);
    const length = point(one.text.length);
    const within = (spans, [from, to]) =>
      spans.filter(([start, end]) => start < to && end > from).map(([start, end]) => [Math.max(start, from) - from, Math.min(end, to) - from]);
    return stretches(one.text, length, marks.flatMap((mark) => mark.spans)).map((stretch) => {
      const text = element("div", { class: "text", lang: one.language || null });
      const part = { text: one.text.slice(unit(stretch[0]), unit(stretch[1])), boilerplate: within(one.boilerplate, stretch) };
      pages.show(text, part, marks.map((mark) => ({ ...mark, spans: within(mark.spans, stretch) })));
      return text;
    });
  }

  /* Of an article that is not in this run, the words that the file of events keeps. */
  function kept(values) {
    const rows = fields.flatMap((field, colour) =>
      (values[field.name] || []).map((one, v) => {
        if (one.value === false || !one.words) return null;
        const marks = { class: "evidence", "data-values": `0-${field.name}-${v}`, "data-colour": colour % 14, tabindex: 0, role: "button" };
        return element("p", {}, element("span", { class: "field" }, field.label), " ", write(element("mark", marks), one.words));
      }),
    );
    const note = element("p", { class: "note" }, "The article is not in this run. These words of it are kept:");
    return [note, element("div", { class: "text kept" }, ...rows.filter(Boolean))];
  }

  function source(one, place) {
    const known = [one.published, one.article].filter(Boolean).map((text) => isolated(text));
    if (one.number !== null) known.push(element("a", { href: addressOf(data.index.articles[one.number][0]) }, "article"));
    if (/^https?:\/\//i.test(one.url || "")) {
      known.push(element("a", { href: one.url, rel: "noopener noreferrer", target: "_blank" }, "original"));
    }
    const record = { records: [{ confidence: null, values: one.values }] };
    const cards = element("div", { class: "cards" });
    pages.records(cards, record, fields);
    cards.firstChild.setAttribute("aria-label", `Values of source ${place + 1}`);
    cards.querySelector("h4").remove();
    const words = one.number === null ? kept(one.values) : excerpts(data.article(one.number), pages.marksOf(record, fields));
    const title = one.number === null ? null : isolated(data.index.articles[one.number][1], "title");
    const heading = element("h4", {}, isolated(one.publisher || one.article));
    const made = element("li", { class: "source" }, heading, title, element("p", { class: "about" }, ...joined(known)), ...words, cards);
    pages.link(made);
    return made;
  }

  function show(root, number) {
    const event = eventData.event(number);
    const beside = element("div", { class: "beside" }, event.disagreements.length ? disputes(event) : null, event.history.length ? history(event) : null);
    const sources = element("ol", { class: "sources", tabindex: 0, "aria-label": "Sources, side by side" }, ...event.sources.map(source));
    root.replaceChildren(headline(index.rows[number], event), element("div", { class: "told" }, values(event), beside),
      section(list.many(event.sources.length, "source"), "", sources));
    root.scrollTop = 0;
  }

  window.Extractor.event = { show };
})();

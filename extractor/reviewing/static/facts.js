/* What made the run, and what its fields mean. `show(root)` fills the page of it once. */
"use strict";

(function () {
  const { article, data } = window.Extractor;
  const { element, write } = article;
  const number = (value) => value.toLocaleString("en", { maximumFractionDigits: 2 });
  const text = (value) => write(element("bdi", {}), String(value));
  const code = (value) => write(element("code", {}), String(value));

  function table(title, rows) {
    const list = element("dl", { class: "facts" });
    for (const [name, ...values] of rows) {
      const cell = element("dd", {});
      values.forEach((value, place) => cell.append(place ? " " : "", value));
      list.append(element("div", {}, element("dt", {}, name), cell));
    }
    return element("section", {}, element("h2", {}, title), list);
  }

  function fields() {
    const rows = data.index.fields.map((field) => {
      const meaning = element("dl", { class: "meanings" });
      for (const [value, what] of field.choices) {
        meaning.append(element("div", {}, element("dt", {}, text(value)), element("dd", {}, text(what))));
      }
      const about = [field.key && "key", field.many && "list", field.form].filter(Boolean).join(", ");
      const name = element("th", { scope: "row" }, text(field.name));
      return element("tr", {}, name, element("td", {}, text(field.description), field.choices.length ? meaning : null), element("td", {}, text(about)));
    });
    const head = element("tr", {}, ...["Field", "What it is", "Form"].map((name) => element("th", { scope: "col" }, name)));
    const body = element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows));
    return element("section", {}, element("h2", {}, "Fields"), element("div", { class: "wide", tabindex: 0, role: "group", "aria-label": "Fields" }, body));
  }

  function show(root) {
    const run = data.index.run;
    const usage = run.usage;
    const held = [
      ["Articles", number(run.articles)],
      ["Records", number(run.records)],
      ["Rejected", number(run.rejected)],
      ["Failed", number(run.failed)],
      ["Requests", number(usage.calls)],
      ["Tokens read", number(usage.prompt_tokens)],
      ["Tokens written", number(usage.completion_tokens)],
      ["Seconds of answers", number(usage.seconds)],
      ["Cost", run.cost === null ? "unknown" : `$${run.cost.toFixed(2)}`],
    ];
    const made = [
      ["Started", text(run.created)],
      ["Schema", text(run.schema), code(run.schema_hash)],
      ["Model", text(run.model), ...(run.model_hash ? [code(run.model_hash)] : [])],
      ...Object.entries(run.prompts).map(([name, hash]) => [`Prompt ${name}`, code(hash)]),
      ["Versions", ...Object.entries(run.versions).map(([name, version]) => text(`${name} ${version}`))],
      ["Settings", ...Object.entries(run.settings).map(([name, value]) => text(`${name} ${JSON.stringify(value)}`))],
    ];
    root.replaceChildren(table("What it holds", held), table("What made it", made));
    if (run.note) root.append(element("p", { class: "note" }, text(run.note)));
    root.append(fields());
  }

  window.Extractor.facts = { show };
})();

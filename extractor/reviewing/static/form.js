/* The form of a record, made from the description of its schema's fields (forms.py).
 *
 *   make(fields, offers, act) → {root, update(draft, text), focus(name), name(element)}. `act(action)` is called with an
 *                               action that lacks the number of its record. `update` leaves alone what is being typed.
 *
 * Nothing here knows what a field is about; the three controls follow from `control` and `many`.
 */
"use strict";

(function () {
  const { element, offsets, write } = window.Extractor.article;
  let count = 0;

  function control(field, id, change) {
    if (field.control === "choice") return choice(field, id, change);
    if (field.control === "yes_no") return yesNo(id, change);
    return field.many ? list(field, id, change) : line(id, change);
  }

  function line(id, change) {
    const input = element("input", { id, type: "text", list: `${id}-offers`, autocomplete: "off", spellcheck: "false" });
    let known = "";
    let sent = "";
    input.addEventListener("change", () => input.value !== known && change((sent = input.value)));
    return {
      parts: [input],
      input,
      set(value) {
        const next = value ?? "";
        const typing = document.activeElement === input && ![known, sent, next].includes(input.value);
        known = next;
        if (!typing) input.value = next;
      },
      typed: (value) => (input.value = value ?? ""),
    };
  }

  function choice(field, id, change) {
    const options = field.choices.map((one) => element("option", { value: one.value }, `${one.value}: ${one.meaning}`));
    const select = element("select", { id, multiple: field.many }, field.many ? null : element("option", { value: "" }, ""), ...options);
    const picked = () => [...select.selectedOptions].map((one) => one.value);
    select.addEventListener("change", () => change(field.many ? picked() : select.value || null));
    const set = (value) => {
      const wanted = [value ?? ""].flat();
      for (const option of select.options) option.selected = wanted.includes(option.value);
    };
    return { parts: [select], input: select, set };
  }

  function yesNo(id, change) {
    const box = element("input", { id, type: "checkbox" });
    box.addEventListener("change", () => change(box.checked || null));
    return { parts: [box], input: box, set: (value) => (box.checked = value === true) };
  }

  /* Several values: each with a button that drops it, and a line that adds one. */
  function list(field, id, change) {
    let values = [];
    const chips = element("ul", { class: "chips" });
    const added = line(id, (value) => {
      if (value.trim()) change([...values, value.trim()]);
    });
    added.input.placeholder = "add";
    const chip = (value) => {
      const drop = element("button", { type: "button", "aria-label": `Drop ${value}` }, write(element("bdi", {}), value), " ×");
      drop.addEventListener("click", () => change(values.filter((one) => one !== value)));
      return element("li", {}, drop);
    };
    return {
      parts: [chips, added.input],
      input: added.input,
      set(value) {
        const longer = (value ?? []).length > values.length;
        values = value ?? [];
        chips.replaceChildren(...values.map(chip));
        if (longer) added.typed("");
      },
    };
  }

  function make(fields, offers, act) {
    const rows = new Map(fields.map((field, colour) => [field.name, row(field, colour, offers[field.name] || [], act)]));
    const root = element("div", { class: "fields" }, ...[...rows.values()].map((one) => one.root));
    return {
      root,
      update(draft, text) {
        for (const [name, one] of rows) one.update(draft, draft.problems[name], text);
      },
      focus: (name) => rows.get(name)?.input.focus(),
      choose: (name) => rows.forEach((one, key) => one.root.classList.toggle("chosen", key === name)),
      name: (target) => target.closest("[data-field]")?.dataset.field,
    };
  }

  function row(field, colour, offered, act) {
    const id = `field-${count++}`;
    let typed = null;
    const send = (value, exact) => {
      typed = typeof value === "string" ? value.trim() : null;
      act({ action: "correct", field: field.name, value, exact: exact === true });
    };
    const made = control(field, id, send);
    const label = element("label", { for: id }, field.label, field.required ? element("span", { class: "required" }, " (needed)") : null);
    const hint = element("p", { id: `${id}-hint`, class: "hint" }, field.description);
    const problem = element("p", { id: `${id}-problem`, class: "problem" });
    const note = element("p", { class: "kept" });
    const marks = element("ul", { class: "chips marks", "aria-label": `Evidence of ${field.label}` });
    const versions = element("div", { class: "versions" });
    const suggestions = element("datalist", { id: `${id}-offers` });
    for (const one of offered) suggestions.append(element("option", { value: one.value }, one.words));
    made.input.setAttribute("aria-describedby", `${id}-hint ${id}-problem`);
    if (field.required) made.input.setAttribute("aria-required", "true");
    if (field.control === "text") hint.append(element("span", { class: "form" }, ` (${field.hint})`));
    const root = element("div", { class: "field", "data-field": field.name, "data-colour": colour % 14 }, label, ...made.parts, problem, note, versions, marks, hint, suggestions);
    return {
      root,
      input: made.input,
      update(draft, reason, text) {
        const value = draft.values[field.name] ?? null;
        made.set(value);
        problem.textContent = reason || "";
        if (reason) made.input.setAttribute("aria-invalid", "true");
        else made.input.removeAttribute("aria-invalid");
        note.replaceChildren(...standard(field, typed, value, send));
        typed = null;
        versions.replaceChildren(...(draft.undecided[field.name] || []).map((one, at) => version(one, at, field, text, act)));
        const spans = draft.evidence[field.name] || [];
        marks.replaceChildren(...spans.map((span) => mark(span, field, text, act)));
        marks.hidden = !spans.length;
      },
    };
  }

  /* Say what a value that was typed has become, and let the labeller insist. */
  function standard(field, typed, value, send) {
    if (typed === null || typeof value !== "string" || typed === value || typed === "") return [];
    const insist = element("button", { type: "button" }, write(element("bdi", {}), `Keep “${typed}”`));
    insist.addEventListener("click", () => send(typed, true));
    return ["taken in its standard form ", insist];
  }

  function version(one, at, field, text, act) {
    const value = [one.value ?? []].flat().map(String).join("; ") || "nothing";
    const words = one.evidence.map((span) => `“${cut(text, span)}”`).join(" ");
    const take = element("button", { type: "button", class: "version" }, element("kbd", {}, String(at + 1)), " ");
    take.append(write(element("bdi", {}), `${one.by}: ${value}`), write(element("bdi", { class: "quote" }), words ? ` ${words}` : ""));
    take.addEventListener("click", () => act({ action: "decide", field: field.name, by: one.by }));
    return take;
  }

  function mark([start, end], field, text, act) {
    const words = cut(text, [start, end]);
    const drop = element("button", { type: "button", "aria-label": `Unmark “${words}”` }, write(element("bdi", {}), `“${words}”`), " ×");
    drop.addEventListener("click", () => act({ action: "unmark", field: field.name, start, end }));
    return element("li", {}, drop);
  }

  function cut(text, [start, end]) {
    const { unit } = offsets(text);
    const words = text.slice(unit(start), unit(end)).replace(/\s+/g, " ");
    return words.length > 120 ? `${words.slice(0, 119).toWellFormed()}…` : words;
  }

  window.Extractor.form = { make };
})();

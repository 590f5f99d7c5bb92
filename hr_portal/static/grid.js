/* The table of rows as a spreadsheet: arrows move, Enter or F2 edits, Enter saves and goes down, Tab
   saves and goes right, Esc leaves, Delete empties, and a block copied in Excel is pasted. Each cell has
   a page of its own that does the same without this file. Behaviour is found by delegation, so
   it holds for rows that htmx puts in. A masked cell is typed from nothing, or shown by a logged click. */
"use strict";

(() => {
  const grid = () => document.querySelector("[data-grid]");
  if (!grid()) return;
  const words = grid().dataset;
  const part = () => document.getElementById("baris-isi");
  const CHECK_AFTER = 250;
  const REFRESH_AFTER = 400;

  let editing = null; // {cell, input, was, asked, timer}
  let place = null; // {row, column} of the cell that Tab reaches
  const unsaved = new Map(); // "row/column" of what was typed and refused -> {text, message}
  let saving = Promise.resolve(); // saves go one after another, each with the version of the one before

  /* --- Where we are -------------------------------------------------------------------------- */

  const cells = () => [...part().querySelectorAll("td[data-c]")];
  const table = () => part().querySelector("table");
  const rowOf = (cell) => cell.closest("tr").dataset.r;
  const find = (row, column) => part().querySelector(`tr[data-r="${row}"] td[data-c="${column}"]`);

  function prepare() {
    if (!table() || !cells().length) return;
    table().setAttribute("role", "grid");
    table().setAttribute("aria-describedby", "petunjuk-tabel");
    for (const cell of table().querySelectorAll("td")) cell.setAttribute("role", "gridcell");
    for (const cell of cells()) cell.tabIndex = -1;
    const kept = place && find(place.row, place.column);
    (kept || cells()[0]).tabIndex = 0;
    for (const cell of cells()) mark(cell);
  }

  // Whoever asks for the rows of a rule sees its column, wherever it stands in the sheet.
  function showAsked() {
    const [asked, box] = [table() && table().querySelector("th[data-asked]"), part().querySelector(".pk-scroll")];
    if (!asked) return;
    const beyond = asked.getBoundingClientRect().right - box.getBoundingClientRect().right;
    if (beyond > 0) box.scrollLeft += beyond;
  }

  function go(cell) {
    if (!cell) return;
    for (const one of cells()) one.tabIndex = -1;
    cell.tabIndex = 0;
    place = { row: rowOf(cell), column: cell.dataset.c };
    cell.focus();
  }

  function neighbour(cell, down, right) {
    const row = [...cell.closest("tr").querySelectorAll("td[data-c]")];
    const rows = [...part().querySelectorAll("tr[data-r]")];
    const at = rows.indexOf(cell.closest("tr")) + down;
    const along = row.indexOf(cell) + right;
    if (at < 0 || at >= rows.length || along < 0 || along >= row.length) return null;
    return rows[at].querySelectorAll("td[data-c]")[along];
  }

  /* --- Asking the server --------------------------------------------------------------------- */

  const tokenOf = () => document.querySelector("input[name=csrf_token]").value;
  const version = () => grid().dataset.version;

  async function send(address, fields, signal) {
    const body = new URLSearchParams({ csrf_token: tokenOf(), ...fields });
    const answer = await fetch(address, { method: "POST", body, signal, headers: { Accept: "application/json" } }).catch(
      (fault) => {
        throw fault.name === "AbortError" ? fault : new Error(words.lost);
      },
    );
    const kind = answer.headers.get("Content-Type") || "";
    if (!kind.startsWith("application/json")) throw new Error(words.lost);
    const told = await answer.json();
    if (!answer.ok) throw new Error(told.message || words.lost);
    return told;
  }

  const addressOf = (cell) => `${words.cells}/${rowOf(cell)}/sel/${cell.dataset.c}`;

  function say(text) {
    const told = document.querySelector("[data-say]");
    if (told) told.textContent = text;
  }

  /* --- The page after a save: what is above and below the rows, and the rows that changed ------- */

  let refreshing = null;

  function refreshSoon() {
    clearTimeout(refreshing);
    refreshing = setTimeout(refresh, REFRESH_AFTER);
  }

  async function refresh() {
    const answer = await fetch(window.location.href, { headers: { Accept: "text/html" } }).catch(() => null);
    if (!answer || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const given = fresh.querySelector("[data-grid]");
    if (!given) return;
    grid().dataset.version = given.dataset.version;
    document.title = fresh.title;
    for (const name of ["h1", "[data-above]", "[data-todo]", ".pk-dock", "#baris-isi nav"]) {
      const [old, now] = [document.querySelector(name), fresh.querySelector(name)];
      if (old && now && !old.contains(document.activeElement)) old.replaceWith(document.importNode(now, true));
    }
    for (const field of part().querySelectorAll("input[name=version]")) field.value = given.dataset.version;
    for (const now of fresh.querySelectorAll("#baris-isi tr[data-r]")) {
      const old = part().querySelector(`tr[data-r="${now.dataset.r}"]`);
      if (old && !(editing && old.contains(editing.cell))) swapRow(old, document.importNode(now, true));
    }
    prepare();
    if (given.dataset.due !== undefined) refreshing = setTimeout(refresh, 2000);
  }

  // The row stays where it was among those shown: whoever listens is told the same place.
  function swapRow(old, now) {
    now.setAttribute("aria-rowindex", old.getAttribute("aria-rowindex"));
    const held = old.contains(document.activeElement) && document.activeElement.dataset.c;
    old.replaceWith(now);
    if (held) go(now.querySelector(`td[data-c="${held}"]`));
  }

  async function rowAgain(row) {
    const address = new URL(window.location.href);
    const fields = `${shownColumns()}${address.search.replace("?", "&")}`;
    const answer = await fetch(`${words.rows}/${row}/sebaris?${fields}`).catch(() => null);
    if (!answer || !answer.ok) return;
    const fresh = new DOMParser().parseFromString(`<table><tbody>${await answer.text()}</tbody></table>`, "text/html");
    const [old, now] = [part().querySelector(`tr[data-r="${row}"]`), fresh.querySelector("tr")];
    if (old && now && !(editing && old.contains(editing.cell))) swapRow(old, document.importNode(now, true));
    prepare();
  }

  const shownColumns = () => `kolom_tampil=${columns().join(",")}`;
  const columns = () => [...part().querySelector("tr[data-r]").querySelectorAll("td[data-c]")].map((one) => one.dataset.c);

  /* --- Saving ---------------------------------------------------------------------------------- */

  function save(cell, text) {
    const [row, column, address] = [rowOf(cell), cell.dataset.c, addressOf(cell)];
    forget(cell);
    show(cell, text);
    cell.dataset.saving = "";
    saving = saving.then(async () => {
      try {
        const told = await send(address, { isi: text, version: version() });
        grid().dataset.version = told.version;
        say(words.saved.replace("{row}", row));
        await rowAgain(row);
        refreshSoon();
      } catch (fault) {
        refused(row, column, text, fault.message);
      }
    });
    return saving;
  }

  /* --- What was refused: it stays in its cell, with why, until it is saved or given up ----------- */

  const keyOf = (cell) => `${rowOf(cell)}/${cell.dataset.c}`;

  function mark(cell) {
    const kept = unsaved.get(keyOf(cell));
    if (!kept || cell.querySelector("[data-unsaved]")) return;
    show(cell, kept.text);
    const line = lineOf({ tone: "err", label: words.problem, title: kept.message });
    line.dataset.unsaved = "";
    cell.append(line);
  }

  function forget(cell) {
    unsaved.delete(keyOf(cell));
    const line = cell.querySelector("[data-unsaved]");
    if (line) line.remove();
  }

  // Whoever types elsewhere by now is not interrupted; the cell waits for them.
  function refused(row, column, text, message) {
    say(message);
    unsaved.set(`${row}/${column}`, { text, message });
    const cell = find(row, column);
    if (!cell) return;
    delete cell.dataset.saving;
    mark(cell);
    const at = document.activeElement;
    if (!editing && (at === document.body || part().contains(at))) edit(cell);
    refreshSoon(); // somebody else may have changed the batch: the next try is on what stands now
  }

  function show(cell, text) {
    const value = cell.querySelector("[data-val]");
    if (value) value.textContent = "masked" in cell.dataset && text ? "••••" : text;
  }

  /* --- Editing in place -------------------------------------------------------------------------- */

  function edit(cell, typed) {
    if (editing) leave();
    const value = cell.querySelector("[data-val]");
    const masked = "masked" in cell.dataset;
    const was = masked || !value.querySelector(".visually-hidden") ? value.textContent.trim() : "";
    const form = document.createElement("div");
    form.className = "pk-typing";
    const input = document.createElement("input");
    input.className = "form-control form-control-sm";
    const kept = typed === undefined && unsaved.get(keyOf(cell));
    input.value = kept ? kept.text : typed !== undefined ? typed : masked ? "" : was;
    input.autocomplete = "off";
    input.spellcheck = false;
    input.setAttribute("aria-label", words.label.replace("{column}", headerOf(cell)).replace("{row}", rowOf(cell)));
    if (masked) input.placeholder = words.again;
    const said = document.createElement("div");
    said.setAttribute("role", "status");
    form.append(said, input);
    if (masked) {
      const look = document.createElement("button");
      look.type = "button";
      look.className = "pk-as-link";
      look.dataset.look = "";
      look.textContent = words.look;
      form.append(look);
    }
    cell.append(form);
    cell.classList.add("typing");
    editing = { cell, input, said, form, start: input.value, masked, asked: null, timer: 0, touched: typed !== undefined || Boolean(kept) };
    if (kept) tell([{ tone: "err", label: words.problem, title: kept.message }]);
    input.focus();
    if (typed === undefined) input.select();
    if (typed) ask();
  }

  const headerOf = (cell) => {
    const at = [...cell.parentNode.children].indexOf(cell);
    return table().querySelectorAll("thead th")[at].textContent.trim();
  };

  function leave() {
    if (!editing) return;
    const { cell, form, asked, timer } = editing;
    editing = null;
    clearTimeout(timer);
    if (asked) asked.abort();
    form.remove();
    cell.classList.remove("typing");
  }

  // A masked cell left empty is left alone: emptying one is Delete, on purpose.
  function commit() {
    if (!editing) return;
    const { cell, input, start, masked, touched } = editing;
    const text = input.value;
    leave();
    if ((text === start && !touched) || (masked && !text)) return;
    save(cell, text);
  }

  function ask() {
    clearTimeout(editing.timer);
    editing.timer = setTimeout(async () => {
      if (!editing) return;
      if (editing.asked) editing.asked.abort();
      const [mine, asked] = [editing, new AbortController()];
      mine.asked = asked;
      try {
        const fields = { baris: rowOf(mine.cell), kolom: mine.cell.dataset.c, isi: mine.input.value };
        const told = await send(words.check, fields, asked.signal);
        if (editing === mine) tell(told.findings);
      } catch (fault) {
        if (fault.name !== "AbortError" && editing === mine) {
          tell([{ tone: "warn", label: words.unchecked, title: fault.message }]);
        }
      }
    }, CHECK_AFTER);
  }

  function lineOf(one) {
    const line = document.createElement("p");
    line.className = "pk-msg";
    line.dataset.s = one.tone;
    line.textContent = `${one.label}: ${one.title}`;
    return line;
  }

  function tell(findings) {
    editing.said.replaceChildren(...findings.map(lineOf));
    if (!findings.length && editing.input.value) {
      const line = document.createElement("p");
      line.className = "pk-msg";
      line.dataset.s = "ok";
      line.textContent = words.fine;
      editing.said.append(line);
    }
  }

  /* --- Events ---------------------------------------------------------------------------------------- */

  document.addEventListener("input", (event) => {
    if (!editing || event.target !== editing.input) return;
    editing.touched = true;
    ask();
  });

  document.addEventListener("focusout", (event) => {
    if (editing && editing.form.contains(event.target) && !editing.form.contains(event.relatedTarget)) commit();
  });

  document.addEventListener("dblclick", (event) => {
    const cell = event.target.closest && event.target.closest("#baris-isi td[data-c]");
    if (cell && !(editing && editing.cell === cell)) edit(cell);
  });

  document.addEventListener("click", (event) => {
    const look = event.target.closest("[data-look]");
    if (look && editing) {
      const mine = editing;
      send(`${addressOf(mine.cell)}/tampilkan`, {}).then(
        (told) => {
          if (editing !== mine) return;
          mine.input.value = mine.start = told.value;
          mine.input.focus(); // first: a button that goes while it has the focus would end the editing
          look.remove();
        },
        (fault) => say(fault.message),
      );
      return;
    }
    const link = event.target.closest("#baris-isi td[data-c] a[data-edit]");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      const cell = link.closest("td");
      go(cell);
      edit(cell);
      return;
    }
    const cell = event.target.closest("#baris-isi td[data-c]");
    if (cell && !event.target.closest("a, button, input, form")) go(cell);
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-fix]")) return;
    event.preventDefault();
    const form = event.target;
    const cell = form.closest("td");
    const row = form.closest("tr").dataset.r;
    const id = form.querySelector("[name=temuan]").value;
    saving = saving.then(async () => {
      try {
        const told = await send(form.getAttribute("action"), { temuan: id, version: version() });
        grid().dataset.version = told.version;
        say(words.saved.replace("{row}", row));
        if (cell.dataset.c) forget(cell); // the proposal was taken in place of what was typed
        await rowAgain(row);
        const now = cell.dataset.c && find(row, cell.dataset.c);
        if (now) go(now);
        refreshSoon();
      } catch (fault) {
        say(fault.message);
        window.location.reload();
      }
    });
  });

  const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

  document.addEventListener("keydown", (event) => {
    if (editing && event.target === editing.input) {
      whileTyping(event);
      return;
    }
    const cell = event.target.closest && event.target.closest("#baris-isi td[data-c]");
    if (!cell || event.target !== cell || event.isComposing) return;
    if (MOVES[event.key] && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      go(neighbour(cell, ...MOVES[event.key]));
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      edit(cell);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      save(cell, "");
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      const row = [...cell.closest("tr").querySelectorAll("td[data-c]")];
      go(event.key === "Home" ? row[0] : row[row.length - 1]);
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      edit(cell, event.key);
    }
  });

  function whileTyping(event) {
    const { cell } = editing;
    if (event.key === "Escape") {
      event.preventDefault();
      leave();
      go(cell);
      if (unsaved.has(keyOf(cell))) {
        forget(cell);
        rowAgain(rowOf(cell)); // as it stands at the portal
      }
    } else if (event.key === "Enter" && !event.isComposing) {
      event.preventDefault();
      const to = neighbour(cell, event.shiftKey ? -1 : 1, 0) || cell;
      commit();
      go(to);
    } else if (event.key === "Tab") {
      const to = neighbour(cell, 0, event.shiftKey ? -1 : 1);
      if (!to || "masked" in cell.dataset) return; // on to the button that shows it, or out of the table
      event.preventDefault();
      commit();
      go(to);
    }
  }

  document.addEventListener("paste", (event) => {
    const cell = event.target.closest && event.target.closest("#baris-isi td[data-c]");
    if (!cell || event.target !== cell) return;
    event.preventDefault();
    const text = event.clipboardData.getData("text/plain");
    const single = text.replace(/\r?\n$/, "");
    if (!/[\t\n]/.test(single)) {
      edit(cell, single);
      return;
    }
    const rows = [...part().querySelectorAll("tr[data-r]")].map((one) => one.dataset.r);
    const shown = columns().sort((one, other) => one - other);
    const form = document.getElementById("tempel");
    form.elements.version.value = version();
    form.elements.baris.value = rows.slice(rows.indexOf(rowOf(cell))).join(",");
    form.elements.kolom.value = shown.slice(shown.indexOf(cell.dataset.c)).join(","); // as the sheet has them
    form.elements.blok.value = text;
    form.elements.kembali.value = window.location.pathname + window.location.search;
    form.requestSubmit();
  });

  document.addEventListener("htmx:afterSwap", () => {
    prepare();
    showAsked();
  });
  window.addEventListener("beforeunload", (event) => {
    const typing = editing && editing.touched && editing.input.value !== editing.start;
    if (typing || unsaved.size) event.preventDefault();
  });
  prepare();
  showAsked();
  if (grid().dataset.due !== undefined) refreshing = setTimeout(refresh, 2000);
})();

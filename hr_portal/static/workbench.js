/* The reviewer's bench: keys, the reason in place; and small help for a few other pages.
   Every page works without this file: the buttons submit, the links lead on. Keys are off while
   somebody types or has switched them off. */
"use strict";

(() => {
  const bench = document.querySelector("[data-bench]");
  const form = document.querySelector("[data-decide]");

  /* --- The reason opens where it is needed ------------------------------------------------------ */

  const panel = form && form.querySelector("[data-reason]");
  const confirm = form && form.querySelector("[data-confirm]");
  const openers = form ? [...form.querySelectorAll("[data-opens]")] : [];

  function open(opener, isAsked = true) {
    for (const one of openers) one.setAttribute("aria-expanded", String(one === opener));
    confirm.value = opener.value;
    confirm.querySelector("[data-words]").textContent = opener.dataset.opens + confirm.dataset.onward;
    panel.hidden = false;
    if (isAsked) panel.querySelector("select").focus();
  }

  function close() {
    for (const one of openers) one.setAttribute("aria-expanded", "false");
    panel.hidden = true;
  }

  if (form) {
    for (const opener of openers) {
      opener.setAttribute("aria-controls", panel.id);
      opener.removeAttribute("aria-pressed"); // it opens now; a button can't be both
      opener.addEventListener("click", (event) => {
        event.preventDefault();
        if (opener.getAttribute("aria-expanded") === "true") close();
        else open(opener);
      });
    }
    const asked = openers.find((one) => one.value === form.dataset.open);
    close();
    if (asked) {
      open(asked);
      const told = document.querySelector("[data-focus]");
      if (told) told.focus();
    }
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        const opener = openers.find((one) => one.getAttribute("aria-expanded") === "true");
        close();
        if (opener) opener.focus();
      }
      const sends = event.target.matches("select") || (event.target.matches("textarea") && (event.ctrlKey || event.metaKey));
      if (event.key === "Enter" && sends) {
        event.preventDefault();
        form.requestSubmit(confirm);
      }
    });
  }

  /* --- A reason that is being typed outlives a reload: in this tab only, until it is sent or left ---- */

  const WORDS = "pk-alasan:";
  const stored = () => Object.keys(sessionStorage).filter((name) => name.startsWith(WORDS));

  if (form) {
    const mine = WORDS + form.dataset.who + ":" + form.dataset.draft;
    const [select, note] = [panel.querySelector("select"), panel.querySelector("textarea")];
    const arrived = performance.getEntriesByType("navigation")[0];
    const kept = JSON.parse(sessionStorage.getItem(mine) || "null");
    for (const name of stored()) {
      // what was sent, and answered by going on to another page, is recorded
      const isRecorded = JSON.parse(sessionStorage.getItem(name)).isSent && arrived && arrived.redirectCount;
      if (isRecorded || !name.startsWith(WORDS + form.dataset.who + ":")) sessionStorage.removeItem(name);
    }
    if (sessionStorage.getItem(mine) && !select.value && !note.value) {
      [select.value, note.value] = [kept.reason, kept.note];
      const opener = openers.find((one) => one.value === kept.verdict);
      if (opener) open(opener, false);
    }
    const keep = (isSent) => {
      if (!select.value && !note.value) sessionStorage.removeItem(mine);
      else sessionStorage.setItem(mine, JSON.stringify({ reason: select.value, note: note.value, verdict: confirm.value, isSent }));
    };
    panel.addEventListener("input", () => keep(false));
    form.addEventListener("submit", () => keep(true));
  }

  /* --- Keys ------------------------------------------------------------------------------------------ */

  const typing = (target) => target.closest("input, textarea, select, [contenteditable]") && !target.matches("[type=checkbox], [type=radio]");

  const press = (selector) => {
    const found = document.querySelector(selector);
    if (found) found.click();
    return Boolean(found);
  };

  const KEYS = {
    s: () => press('[data-decide] [data-key="s"]'),
    k: () => press('[data-decide] [data-key="k"]'),
    t: () => press('[data-decide] [data-key="t"]'),
    d: () => press("[data-next-document]"),
    z: () => press("[data-undo] button"),
    ArrowUp: () => press('[data-row="before"]'),
    ArrowDown: () => press('[data-row="after"]'),
  };

  if (bench && "keys" in bench.dataset) {
    document.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.repeat) return;
      if (event.defaultPrevented || typing(event.target)) return;
      // inside a part that scrolls, the arrows scroll it
      if (event.key.startsWith("Arrow") && event.target.closest("figure, iframe, .pk-scroll")) return;
      const act = KEYS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
      if (act && act()) event.preventDefault();
    });
  }

  /* --- The current row is in sight, in its list ------------------------------------------------------- */

  const current = document.querySelector(".pk-rows [aria-current]");
  if (current) {
    const list = current.closest(".pk-rows");
    list.scrollTop = current.offsetTop - list.offsetTop - list.clientHeight / 3;
  }

  /* --- A choice that is sent at once: form[data-send-on-change]; printing: [data-print] ------------------ */

  for (const chooser of document.querySelectorAll("form[data-send-on-change]")) {
    for (const button of chooser.querySelectorAll("[data-no-script]")) button.hidden = true;
    chooser.addEventListener("change", () => chooser.requestSubmit());
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });

  /* --- A typed row number chooses its own option -------------------------------------------------------- */

  for (const input of document.querySelectorAll("[data-picks]")) {
    input.addEventListener("input", () => {
      document.getElementById(input.dataset.picks).checked = true;
    });
  }
})();

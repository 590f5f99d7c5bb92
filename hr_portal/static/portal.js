/* Portal Koreksi Data: what pages gain from a script. Each works without it as a plain form.
   No eval, no inline handlers: behaviour hangs on data- attributes and is found by delegation,
   so it also works for the parts that htmx puts in. */
"use strict";

(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /* --- A form is sent once: [data-once] ------------------------------------------------------ */

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]") || event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    for (const button of all("button[type=submit]", form)) button.setAttribute("aria-disabled", "true");
  });

  // Who signs out leaves nothing behind in this tab that they were typing.
  document.addEventListener("submit", (event) => {
    if (event.target.matches("form[data-leaves]")) sessionStorage.clear();
  });

  // Back from the next page: the browser may show this one as it was left.
  window.addEventListener("pageshow", () => {
    for (const form of all("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of all("button[type=submit]", form)) button.removeAttribute("aria-disabled");
    }
  });

  /* --- Show and hide a password: [data-reveal=ID] --------------------------------------------- */

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-reveal]");
    if (!button) return;
    const input = document.getElementById(button.dataset.reveal);
    const shown = input.type === "text";
    input.type = shown ? "password" : "text";
    button.setAttribute("aria-pressed", String(!shown));
  });

  /* --- Tick all boxes of a group: [data-tick-all=NAME] ----------------------------------------- */

  document.addEventListener("change", (event) => {
    const name = event.target.dataset && event.target.dataset.tickAll;
    if (!name) return;
    for (const box of all(`input[type=checkbox][name="${name}"]`, event.target.form)) {
      box.checked = event.target.checked;
    }
  });

  /* --- Uploading with progress: form[data-upload] ---------------------------------------------- */

  const decimal = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1 });
  const megabytes = (bytes) => `${decimal.format(bytes / 1048576)} MB`;

  function say(form, text) {
    const place = form.querySelector("[data-upload-problem]");
    place.querySelector("[data-text]").textContent = text;
    place.hidden = false;
    place.focus();
  }

  function tooLarge(form, files) {
    const limit = Number(form.dataset.maxBytes);
    return files.find((file) => limit && file.size > limit);
  }

  function swapMain(html) {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const main = fresh.querySelector("main");
    if (!main) return false;
    document.querySelector("main").replaceWith(main);
    document.title = fresh.title;
    prepare(main);
    const first = main.querySelector("[data-focus]") || main;
    first.focus();
    window.scrollTo(0, 0);
    return true;
  }

  function upload(form) {
    const files = all("input[type=file]", form).flatMap((input) => [...input.files]);
    if (!files.length) return;
    const large = tooLarge(form, files);
    if (large) {
      say(form, form.dataset.tooLarge.replace("{name}", large.name).replace("{size}", megabytes(large.size)));
      for (const input of all("input[type=file]", form)) input.value = "";
      return;
    }
    const panel = form.querySelector("[data-upload-progress]");
    const zone = form.querySelector("[data-upload-zone]");
    const bar = panel.querySelector("progress");
    panel.querySelector("[data-name]").textContent =
      files.length === 1 ? files[0].name : form.dataset.manyFiles.replace("{count}", String(files.length));
    form.querySelector("[data-upload-problem]").hidden = true;
    zone.hidden = true;
    panel.hidden = false;
    panel.focus();

    const request = new XMLHttpRequest();
    const data = new FormData(form);
    request.open("POST", form.action);
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.max = event.total;
      bar.value = event.loaded;
      panel.querySelector("[data-sent]").textContent = form.dataset.sentOf
        .replace("{sent}", megabytes(event.loaded))
        .replace("{total}", megabytes(event.total));
    });
    request.addEventListener("load", () => {
      if (request.status < 400) {
        // Back on this same page: its notice was given with this answer and would not come again.
        const here = new URL(request.responseURL).pathname === window.location.pathname;
        if (here && swapMain(request.responseText)) window.history.replaceState(null, "", request.responseURL);
        else window.location.assign(request.responseURL);
        return;
      }
      if (!swapMain(request.responseText)) lost();
    });
    const lost = () => {
      zone.hidden = false;
      panel.hidden = true;
      say(form, form.dataset.lost);
    };
    request.addEventListener("error", lost);
    panel.querySelector("[data-cancel]").addEventListener(
      "click",
      () => {
        request.abort();
        window.location.reload();
      },
      { once: true },
    );
    request.send(data);
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-upload]")) return;
    event.preventDefault();
    upload(event.target);
  });

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-upload][data-at-once]");
    if (form && event.target.type === "file" && event.target.files.length) upload(form);
  });

  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      const zone = event.target.closest && event.target.closest("[data-upload-zone]");
      if (!zone) return;
      event.preventDefault();
      zone.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const zone = event.target.closest && event.target.closest("[data-upload-zone]");
      if (zone) zone.classList.remove("over");
    });
  }
  document.addEventListener("drop", (event) => {
    const zone = event.target.closest && event.target.closest("[data-upload-zone]");
    if (!zone) return;
    event.preventDefault();
    const input = zone.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });

  /* --- Opening a folded part before going there: a[data-open] ----------------------------------- */

  function unfold(target) {
    const folded = target && target.closest("details");
    if (folded) folded.open = true;
  }
  window.addEventListener("hashchange", () => unfold(document.querySelector(":target")));

  /* --- After a part was replaced ------------------------------------------------------------------ */

  document.addEventListener("htmx:afterSwap", (event) => {
    prepare(document);
    const said = document.getElementById(event.detail.target.id)?.querySelector("[data-said]");
    const place = document.querySelector("[data-say]");
    if (said && place) place.textContent = said.textContent;
  });
  document.addEventListener("pk:swapped", (event) => prepare(event.target));
  document.addEventListener("htmx:responseError", () => window.location.reload());

  /* Controls that only make sense with this script are hidden in the page: [data-script]. */
  function prepare(root) {
    for (const control of all("[data-reveal], [data-script]", root)) control.hidden = false;
    for (const form of all("form[data-upload]", root)) form.classList.add("js");
    unfold(root.querySelector(":target"));
    fit();
  }

  /* A table whose header sticks doesn't scroll by itself: one that is too wide here does. */
  function fit() {
    for (const box of all(".pk-scroll.fits, .pk-scroll[data-fits]", document)) {
      box.dataset.fits = "";
      box.classList.add("fits");
      if (box.scrollWidth > box.clientWidth) box.classList.remove("fits");
    }
  }
  window.addEventListener("resize", fit);

  prepare(document);
  // What its sender had to show who they are for goes on by itself.
  const held = document.querySelector("form[data-go]");
  if (held) held.requestSubmit();
  const told = document.querySelector("[data-focus]");
  if (told) told.focus();
})();

/* A letter of invented people that follows a form as it is filled: form[data-sampled=ID of the panel].
   The form goes by POST, so nothing of it stands in an address; the picture is shown from memory.
   Without a script a button opens the picture in another tab. */
"use strict";

(() => {
  const WAIT_MS = 400;

  for (const form of document.querySelectorAll("form[data-sampled]")) {
    const panel = document.getElementById(form.dataset.sampled);
    const say = panel.querySelector("[role=status]");
    const picture = panel.querySelector("img");
    const waiting = say.textContent;
    let timer = 0;
    let asked = null;

    const draw = async () => {
      asked?.abort();
      asked = new AbortController();
      say.textContent = waiting;
      say.hidden = false;
      try {
        const answer = await fetch(panel.dataset.address, {
          method: "POST", body: new FormData(form), signal: asked.signal,
        });
        if (!answer.ok || answer.headers.get("Content-Type") !== "image/png") {
          say.textContent = answer.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : "";
          picture.hidden = true;
          return;
        }
        const old = picture.src;
        picture.src = URL.createObjectURL(await answer.blob());
        picture.hidden = false;
        if (old) URL.revokeObjectURL(old);
        say.textContent = "";
        say.hidden = true;
      } catch (error) {
        if (error.name !== "AbortError") say.hidden = true;
      }
    };

    panel.hidden = false;
    for (const button of document.querySelectorAll("[data-no-sample]")) button.hidden = true;
    form.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(draw, WAIT_MS);
    });
    draw();
  }
})();

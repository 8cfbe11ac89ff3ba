// All of it works without this: it adds the live view, shortcuts, and the numbers below the pointer.

import { listenToKeys } from "./keys.js";
import { goLive } from "./live.js";
import { listenToPopovers } from "./popovers.js";

document.documentElement.classList.add("scripted");
goLive();
listenToKeys();
listenToPopovers();

// An act on very many jobs goes on by itself, unless somebody leaves the page.
const more = document.querySelector("form[data-goes-on]");
if (more) setTimeout(() => more.requestSubmit(), 300);

document.addEventListener("pointerover", (event) => {
  const slot = event.target.closest?.("[data-chosen]");
  const output = document.getElementById("chosen");
  if (output) output.textContent = slot ? slot.dataset.chosen : "";
});

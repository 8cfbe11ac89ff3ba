// Brings the page up to date while it is looked at.

import { morphChildren } from "./morph.js";

const contents = document.getElementById("contents");
const seen = document.getElementById("seen");
const button = document.getElementById("live");
let source = null;
let isWanted = true;

export function goLive() {
  if (!button) return;
  button.addEventListener("click", toggle);
  document.addEventListener("visibilitychange", settle);
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", settle);
  settle();
}

export function toggle() {
  isWanted = !isWanted;
  settle();
}

function settle() {
  if (isWanted && !document.hidden) start();
  else stop();
}

function start() {
  if (source) return;
  show("live");
  source = new EventSource(location.href);
  source.addEventListener("contents", (event) => {
    show("live");
    update(event);
  });
  source.addEventListener("trouble", (event) => show("stale", event.data));
  source.addEventListener("error", () => show(source?.readyState === EventSource.CLOSED ? "off" : "stale"));
}

function stop() {
  source?.close();
  source = null;
  show("paused");
}

function update(event) {
  if (isReading()) return;
  const page = document.createElement("template");
  page.innerHTML = event.data;
  morphChildren(contents, page.content);
  seen.textContent = event.lastEventId;
}

// Text that is being selected, to be copied, is not pulled away.
function isReading() {
  const selection = document.getSelection();
  return !selection.isCollapsed && contents.contains(selection.anchorNode);
}

function show(state, reason = "") {
  const words = { live: "Live", paused: "Paused", stale: "Not reachable", off: "Off" };
  button.dataset.state = state;
  button.title = reason;
  button.setAttribute("aria-pressed", String(state !== "paused"));
  button.lastElementChild.textContent = words[state];
}

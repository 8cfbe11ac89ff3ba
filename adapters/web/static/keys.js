// Shortcuts. They can be switched off, and are never in the way of typing.

import { toggle } from "./live.js";

const SWITCH = "arrower-keys";
const dialog = document.getElementById("keys");
const onOff = document.getElementById("keys-on");
let isGoing = false;

export function listenToKeys() {
  document.getElementById("keys-button").addEventListener("click", () => dialog.showModal());
  onOff.checked = localStorage.getItem(SWITCH) !== "off";
  onOff.addEventListener("change", () => localStorage.setItem(SWITCH, onOff.checked ? "on" : "off"));
  document.addEventListener("keydown", (event) => {
    if (!onOff.checked || isTyping(event) || dialog.open) return;
    if (press(event.key)) event.preventDefault();
  });
}

function isTyping(event) {
  return event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, [contenteditable]");
}

function press(key) {
  if (isGoing) {
    isGoing = false;
    return follow(`.menu [data-key="${CSS.escape(key)}"]`);
  }
  switch (key) {
    case "g":
      isGoing = true;
      setTimeout(() => (isGoing = false), 1500);
      return true;
    case "j":
      return step(1);
    case "k":
      return step(-1);
    case "n":
      return follow('[rel="next"]');
    case "/":
      return search();
    case ".":
      toggle();
      return true;
    case "?":
      dialog.showModal();
      return true;
    default:
      return false;
  }
}

function follow(selector) {
  const link = document.querySelector(selector);
  link?.click();
  return Boolean(link);
}

function search() {
  const field = document.getElementById("search");
  if (field) field.focus();
  else follow('.menu [data-key="j"]');
  return true;
}

function step(by) {
  const links = [...document.querySelectorAll("main tbody tr")].map((row) => row.querySelector("a")).filter(Boolean);
  const at = links.findIndex((link) => link.closest("tr").contains(document.activeElement));
  const next = links[at < 0 ? (by > 0 ? 0 : links.length - 1) : Math.min(Math.max(at + by, 0), links.length - 1)];
  next?.focus();
  return Boolean(next);
}

// Questions that hang below a button are put away by Escape, and by a click elsewhere.

export function listenToPopovers() {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shut(opened());
  });
  document.addEventListener("click", (event) => {
    const popover = opened();
    if (popover && !popover.contains(event.target)) popover.open = false;
  });
}

function opened() {
  return document.querySelector(".confirm[open]");
}

function shut(popover) {
  if (!popover) return;
  const hadFocus = popover.contains(document.activeElement);
  popover.open = false;
  if (hadFocus) popover.querySelector("summary").focus();
}

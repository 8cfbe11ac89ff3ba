// Makes a part of the page like another one, and leaves alone what is alike: focus, selection and scroll positions stay.

const KEPT = "output, [data-kept]";

export function morph(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  if (from.matches(KEPT) || (from.matches("form") && from.contains(document.activeElement))) return;
  morphAttributes(from, to);
  morphChildren(from, to);
}

export function morphChildren(from, to) {
  let place = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const found = sameNamed(from, wanted);
    if (found && found !== place) from.insertBefore(found, place);
    const candidate = found ?? place;
    if (candidate && isAlike(candidate, wanted)) {
      morph(candidate, wanted);
      place = candidate.nextSibling;
    } else {
      from.insertBefore(wanted, place);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function sameNamed(parent, wanted) {
  return wanted.id ? [...parent.children].find((child) => child.id === wanted.id) : undefined;
}

function isAlike(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName && (one.id || "") === (other.id || "");
}

function morphAttributes(from, to) {
  for (const { name } of [...from.attributes]) {
    if (!to.hasAttribute(name) && !isOpenness(from, name)) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (from.getAttribute(name) !== value && !isOpenness(from, name)) from.setAttribute(name, value);
  }
}

// What a reader opened or shut stays so.
function isOpenness(element, name) {
  return name === "open" && element.nodeName === "DETAILS";
}

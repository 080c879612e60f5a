// Tabs that do not fit on a narrow screen: the one where one is comes into view, and the edge
// behind which there are more fades. Only the row of tabs is scrolled, never the page.
function fade(tabs) {
  const rest = tabs.scrollWidth - tabs.clientWidth - tabs.scrollLeft;
  tabs.classList.toggle("has-more-before", tabs.scrollLeft > 1);
  tabs.classList.toggle("has-more-after", rest > 1);
}

export function startTabs() {
  for (const tabs of document.querySelectorAll("nav.tabs")) {
    const current = tabs.querySelector("[aria-current]");
    if (current) {
      const [frame, place] = [tabs.getBoundingClientRect(), current.getBoundingClientRect()];
      const middle = place.left + place.width / 2 - (frame.left + frame.width / 2);
      tabs.scrollTo({ left: tabs.scrollLeft + middle, behavior: "instant" });
    }
    fade(tabs);
    tabs.addEventListener("scroll", () => fade(tabs), { passive: true });
    new ResizeObserver(() => fade(tabs)).observe(tabs);
  }
}

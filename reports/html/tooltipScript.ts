/** Shows the exact value of the mark nearest to the pointer: each carries it as its label. */
export const TOOLTIP_SCRIPT = `
const tip = document.querySelector('.tip');
for (const svg of document.querySelectorAll('.chart svg')) {
  const marks = [...svg.querySelectorAll('[aria-roledescription="point"],[aria-roledescription="bar"],[aria-roledescription="rect mark"]')]
    .filter((mark) => mark.getAttribute('aria-label'));
  if (marks.length === 0) continue;
  svg.addEventListener('mousemove', (event) => {
    let best = null, nearest = 40;
    for (const mark of marks) {
      const box = mark.getBoundingClientRect();
      const dx = Math.max(box.left - event.clientX, 0, event.clientX - box.right);
      const dy = Math.max(box.top - event.clientY, 0, event.clientY - box.bottom);
      const distance = Math.hypot(dx, dy);
      if (distance < nearest) { nearest = distance; best = mark; }
    }
    tip.hidden = best === null;
    if (best === null) return;
    tip.textContent = best.getAttribute('aria-label');
    tip.style.left = Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8) + 'px';
    tip.style.top = event.clientY + 16 + 'px';
  });
  svg.addEventListener('mouseleave', () => { tip.hidden = true; });
}
`;

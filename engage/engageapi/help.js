// Search as you type. Without this file the form does the same with a press.
(() => {
  const field = document.getElementById("q");
  const found = document.getElementById("found");
  if (!field || !found) return;
  let wait, settle, asked = 0;
  const look = async (settled) => {
    const q = field.value.trim();
    const mine = ++asked;
    if (q.length < 2) {
      found.replaceChildren();
      return;
    }
    const at = "/help/-/find?q=" + encodeURIComponent(q) + "&lang=" + encodeURIComponent(found.dataset.lang) + (settled ? "&settled=1" : "");
    try {
      const answer = await fetch(at, { credentials: "omit" });
      if (!answer.ok || mine !== asked) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (mine === asked) found.replaceChildren(...page.body.childNodes);
    } catch {
      // the form still works
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(wait);
    clearTimeout(settle);
    wait = setTimeout(() => look(false), 150);
    settle = setTimeout(() => look(true), 1500);
  });
})();

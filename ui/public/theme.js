// Set the chosen theme before the first paint; a file of its own, because inline scripts are not allowed.
try {
  const theme = localStorage.getItem("parley.theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // Storage is closed: the system's theme is used.
}

// Before anything is drawn: the light or dark look that this browser chose last (none: what the system says).
try {
  const theme = localStorage.getItem("bets.theme");
  if (theme) document.documentElement.dataset.theme = theme;
} catch { /* no storage: the system's look */ }

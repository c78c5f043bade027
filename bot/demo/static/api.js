// Everything that goes over the wire: JSON to the page's own server, and its stream of changes.

export class Refused extends Error {}

async function answer(response) {
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(body.error || `The demo answered ${response.status}.`);
  return body;
}

/** Reads state as one person sees it. */
export async function read(what, as, params = {}) {
  const query = new URLSearchParams({ as });
  for (const [name, value] of Object.entries(params)) if (value !== null && value !== undefined) query.set(name, value);
  return answer(await fetch(`/api/${what}?${query}`, { cache: "no-store" }));
}

/** Does something as one person: say, react, click, submit and the like. */
export async function act(what, as, args = {}) {
  const query = new URLSearchParams({ as });
  const body = JSON.stringify(args);
  return answer(await fetch(`/api/act/${what}?${query}`, { method: "POST", headers: { "Content-Type": "application/json" }, body }));
}

export async function advance(as, how) {
  const query = new URLSearchParams({ as });
  const body = JSON.stringify({ how });
  return answer(await fetch(`/api/advance?${query}`, { method: "POST", headers: { "Content-Type": "application/json" }, body }));
}

export function fileUrl(as, id) {
  return `/api/file/${encodeURIComponent(id)}?${new URLSearchParams({ as })}`;
}

/**
 * Listens for changes that this person can see. `onChange({kind, channel})`, `onLink(true|false)`; returns a function that stops it.
 * A browser keeps six connections to a server and no more, so a tab that nobody looks at gives up its own; when it is
 * looked at again, or its line is up again, anything may have changed.
 */
export function listen(as, onChange, onLink) {
  let source = null;
  let missed = document.visibilityState === "hidden";
  function open() {
    source = new EventSource(`/api/events?${new URLSearchParams({ as })}`);
    source.onopen = () => {
      onLink(true);
      if (missed) onChange({ kind: "everything" });
      missed = true;
    };
    source.onerror = () => onLink(false);
    source.onmessage = (event) => onChange(JSON.parse(event.data));
  }
  function close() {
    source?.close();
    source = null;
  }
  const follow = () => (document.visibilityState === "hidden" ? close() : source || open());
  document.addEventListener("visibilitychange", follow);
  follow();
  return () => {
    document.removeEventListener("visibilitychange", follow);
    close();
  };
}

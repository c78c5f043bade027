// What the composer completes after a slash: the words of /bets, as the page's server tells them.

export const COMMAND = "/bets";

/** Completions for what stands left of the caret: [{insert, title, usage, hint}]; `words` = [{name, usage, hint}]. An exact match comes first. */
export function slashCompletions(before, words) {
  const match = /^\/(\S*)(?:(\s+)(\S*))?$/.exec(before);
  if (!match) return [];
  const [, first, gap, second = ""] = match;
  if (gap && `/${first}` !== COMMAND) return [];
  if (!COMMAND.startsWith(`/${first}`)) return [];
  const rows = words.filter(({ name }) => name.startsWith(second.toLowerCase()))
    .sort((a, b) => Number(b.name === second) - Number(a.name === second))
    .map(({ name, usage, hint }) => ({ insert: `${COMMAND} ${name}`, title: `${COMMAND} ${name}`, usage, hint }));
  return gap ? rows : [{ insert: COMMAND, title: COMMAND, usage: "", hint: "what I know" }, ...rows];
}

// What the composer completes after a slash: the subcommands of /bets with a short hint each.

export const COMMAND = "/bets";

export const SUBCOMMANDS = [
  ["summary", "[mine | @person | #tag | all] [weeks N]", "All bets at a glance, with a chart"],
  ["update", "[B-7] [70%] [text]", "Answer this week's check-in"],
  ["new", "[title]", "Place a new bet"],
  ["list", "[all]", "Bets that have not ended"],
  ["show", "B-7", "One bet in full"],
  ["history", "B-7", "Everything that happened to a bet"],
  ["kill", "B-7 [because ...]", "Stop a bet and file its learning"],
  ["ship", "B-7", "It worked: ship it"],
  ["withdraw", "B-7", "Take back a mistake"],
  ["pause", "[B-7] [until DATE]", "Stop a bet's clock, or the team's"],
  ["resume", "[B-7]", "Go on after a pause"],
  ["away", "[until DATE | from DATE to DATE | back]", "No reminders while you are away"],
  ["config", "", "The team's settings"],
  ["help", "", "What Bets can do"],
];

/** Completions for what stands left of the caret: [{insert, title, usage, hint}]. An exact match comes first. */
export function slashCompletions(before) {
  const match = /^\/(\S*)(?:(\s+)(\S*))?$/.exec(before);
  if (!match) return [];
  const [, first, gap, second = ""] = match;
  if (gap && `/${first}` !== COMMAND) return [];
  if (!COMMAND.startsWith(`/${first}`)) return [];
  const rows = SUBCOMMANDS.filter(([name]) => name.startsWith(second.toLowerCase()))
    .sort(([a], [b]) => Number(b === second) - Number(a === second))
    .map(([name, usage, hint]) => ({ insert: `${COMMAND} ${name}`, title: `${COMMAND} ${name}`, usage, hint }));
  return gap ? rows : [{ insert: COMMAND, title: COMMAND, usage: "", hint: "What waits for you, and help" }, ...rows];
}

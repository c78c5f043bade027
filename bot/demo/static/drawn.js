// The signs that the bot and the picker use most, drawn: they look the same where no emoji font is installed.

const SVG = "http://www.w3.org/2000/svg";
const THUMB = "M2.5 10.5h4v10h-4z M8 20.5h8.6a2.2 2.2 0 0 0 2.1-1.7l1.6-6.5a2 2 0 0 0-1.9-2.5h-4.6l.8-4.2A2 2 0 0 0 12.6 3.2 1.2 1.2 0 0 0 11.5 4L8 10.5z";
const disc = (color) => [["M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z", color]];

// name -> [[path, fill, stroke colour]], on a square of 24
const SHAPES = {
  white_check_mark: [["M5 2h14a3 3 0 0 1 3 3v14a3 3 0 0 1-3 3H5a3 3 0 0 1-3-3V5a3 3 0 0 1 3-3z", "#4ba862"], ["M6.5 12.5l3.8 3.8 7.4-8.6", "none", "#fff"]],
  heavy_check_mark: [["M4 13l5 5L20 6", "none", "#4ba862"]],
  x: [["M5 5l14 14 M19 5L5 19", "none", "#d9473b"]],
  pushpin: [["M14.5 2.5l7 7-2 1.2-.8-.3-3.3 3.3.3 3.3-2 2-9-9 2-2 3.3.3 3.3-3.3-.3-.8z", "#d9473b"], ["M8 16l-5 5", "none", "#8a8f94"]],
  warning: [["M12 2.5L23 21.5H1z", "#f0b429"], ["M12 9v6 M12 18v.2", "none", "#3b2f0a"]],
  "+1": [[THUMB, "#efb73e"]],
  thumbsup: [[THUMB, "#efb73e"]],
  heart: [["M12 21C5 15.5 2 12 2 8.3A5.3 5.3 0 0 1 12 6a5.3 5.3 0 0 1 10 2.3C22 12 19 15.5 12 21z", "#d9473b"]],
  eyes: [["M6.5 5C4 5 2.2 8 2.2 12s1.8 7 4.3 7 4.3-3 4.3-7-1.8-7-4.3-7z M17.5 5c-2.5 0-4.3 3-4.3 7s1.8 7 4.3 7 4.3-3 4.3-7-1.8-7-4.3-7z", "#fff", "#8a8f94"], ["M5.5 9.5a2 2.5 0 1 0 0 5 2 2.5 0 0 0 0-5z M16.5 9.5a2 2.5 0 1 0 0 5 2 2.5 0 0 0 0-5z", "#34302c"]],
  tada: [["M2 22L8 8l8 8z", "#efb73e"], ["M13 8c0-3 1-4.5 3.5-5 M16 11c3-1 4.5-.5 6 1.5", "none", "#d9473b"], ["M11 2.5v.1 M20 6v.1 M21 17v.1 M16.5 8l3-3", "none", "#4a90d9"]],
  thinking_face: [["M12 2.5a9.5 9.5 0 1 0 0 19 9.5 9.5 0 0 0 0-19z", "#efb73e"], ["M7 8.5l3-1 M14 8.5h3 M8.5 11v.1 M15.5 11v.1 M9 16c2-1 4-1 6-.5", "none", "#5b4212"]],
  large_green_circle: disc("#4ba862"),
  large_yellow_circle: disc("#efb73e"),
  large_orange_circle: disc("#e8833a"),
  red_circle: disc("#d9473b"),
  large_blue_circle: disc("#4a90d9"),
};
SHAPES["-1"] = SHAPES["+1"];
SHAPES.thumbsdown = SHAPES["+1"];

/** The drawing of an emoji name, or null when only a font has it. */
export function drawing(name) {
  if (!Object.hasOwn(SHAPES, name)) return null;
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("drawn");
  if (name === "-1" || name === "thumbsdown") svg.classList.add("upside-down");
  for (const [d, fill, stroke] of SHAPES[name]) {
    const path = document.createElementNS(SVG, "path");
    Object.entries({ d, fill, stroke: stroke || "none" }).forEach(([key, value]) => path.setAttribute(key, value));
    svg.append(path);
  }
  return svg;
}

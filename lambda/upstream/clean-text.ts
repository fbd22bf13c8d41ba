/** Makes an upstream's words fit for a caller: no markup, no secrets, nothing of the far side's insides, not too long. */

/** UTF-16 units; what an upstream has to say fits, and what it merely echoes does not. */
const MAX_LENGTH = 1000;

/** No more of a text is read, so that a hostile one costs the patterns little. */
const MAX_READ = 4_000;

const SECRET = '[SECRET]';

/** Each pattern, and what stands for it. */
const HIDDEN: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic)\s+[\w.~+/=-]{4,}/gi, `$1 ${SECRET}`],
  [/\b(?:sk|pk|rk|gsk|xai|hf|kt_gk|key|AIza)[-_][\w-]{6,}/g, SECRET],
  [/\beyJ[\w-]{6,}(?:\.[\w-]+){1,2}/g, SECRET],
  [/\b(?=\w*\d)(?=\w*[A-Za-z])\w{32,}\b/g, SECRET],
  // A key that is quoted back: after a colon, an equals sign or a quote, or a word with a digit or an asterisk.
  [/(\bkey\b(?:\s+(?:provided|supplied|is|was))?\s*[:=]\s*["'`]?)[^\s"'`,;]{4,}/gi, `$1${SECRET}`],
  [/(\bkey\b\s+["'`])[^"'`\s]{4,}/gi, `$1${SECRET}`],
  [/(\bkey\b\s+)(?=[\w.*-]*[\d*])[\w.*-]{6,}/gi, `$1${SECRET}`],
  [
    /(?:\/(?:usr|home|app|var|opt|srv|root|tmp|src|workspace|workspaces|node_modules|site-packages))(?:\/[\w.@+-]+)+(?::\d+){0,2}/g,
    '[PATH]',
  ],
  [/\b[A-Za-z]:\\[^\s"']+/g, '[PATH]'],
  [
    /\b(?:[\w-]{1,63}\.){1,8}(?:internal|local|localdomain|svc|lan|corp|intranet)\b(?:\.[\w.-]+)?(?::\d+)?/gi,
    '[HOST]',
  ],
  [/\b(?:10|127|192\.168|172\.(?:1[6-9]|2\d|3[01]))(?:\.\d{1,3}){2,3}(?::\d+)?\b/g, '[HOST]'],
  [/\blocalhost:\d+/gi, '[HOST]'],
];

/** The text as one line; empty when nothing is left of it. */
export function cleanText(text: string): string {
  const read = withoutStack(withoutMarkup(text.slice(0, MAX_READ)));
  const hidden = HIDDEN.reduce((clean, [pattern, stand]) => clean.replace(pattern, stand), read);
  return cut(hidden.replace(/[\s\p{Cc}]+/gu, ' ').trim());
}

/** Tags go, and with them what is not shown; a text without tags stays as it is. */
function withoutMarkup(text: string): string {
  if (!/<\/?[a-z!][^<>]*>/i.test(text)) return text;
  return text
    .replace(/<(script|style|title)\b[^>]*>[^]*?<\/\1\s*>/gi, ' ')
    .replace(/<!--[^]*?-->/g, ' ')
    .replace(/<[^<>]*>/g, ' ');
}

/** The lines of a stack trace say where the far side failed, never why. */
function withoutStack(text: string): string {
  return text
    .split('\n')
    .filter((line, index) => index === 0 || !/^\s*at /.test(line))
    .join('\n')
    .replace(/Traceback \(most recent call last\):[^]*?\n(?=\S)/g, '');
}

function cut(text: string): string {
  if (text.length <= MAX_LENGTH) return text;
  const end = MAX_LENGTH - 1;
  const splitsPair = /[\uD800-\uDBFF]/.test(text.charAt(end - 1));
  return `${text.slice(0, splitsPair ? end - 1 : end)}…`;
}

/** Gives findings their file and line, and puts them in the order in which a person reads. */
import type { Finding, Path, Problem } from './problem.ts';
import type { ReadFile } from './read-yaml.ts';
import { formatPath } from './show.ts';

/** More than anyone reads; a hostile file can make as many as it has keys. */
const MOST_PROBLEMS = 200;

/** Places findings; of several at one place with one code, the first stays. */
export function placeFindings(findings: readonly Finding[], files: readonly ReadFile[]): readonly Problem[] {
  const seen = new Set<string>();
  const problems = findings
    .map((finding): Problem => ({
      ...finding,
      path: formatPath(finding.path),
      ...placeOf(finding.path, files),
    }))
    .filter(({ path, code, severity }) => {
      const identity = `${severity} ${code} ${path}`;
      return !seen.has(identity) && seen.add(identity);
    })
    .toSorted((left, right) => order(left, files) - order(right, files));
  return problems.length <= MOST_PROBLEMS ? problems : [...problems.slice(0, MOST_PROBLEMS), rest(problems)];
}

/** The last file that says something about the place, or about the nearest place above it. */
function placeOf(path: Path, files: readonly ReadFile[]): Pick<Problem, 'file' | 'line'> {
  for (let depth = path.length; depth > 0; depth -= 1) {
    const text = formatPath(path.slice(0, depth));
    const file = files.findLast(({ lines }) => lines.has(text));
    const line = file?.lines.get(text);
    if (file !== undefined && line !== undefined) return { file: file.path, line };
  }
  const [first] = files;
  return first === undefined ? {} : { file: first.path };
}

function order({ file, line = 0 }: Problem, files: readonly ReadFile[]): number {
  return files.findIndex(({ path }) => path === file) * 2 ** 32 + line;
}

function rest(problems: readonly Problem[]): Problem {
  const errors = problems.some(({ severity }) => severity === 'error');
  return {
    severity: errors ? 'error' : 'warning',
    path: '',
    message: `and ${problems.length - MOST_PROBLEMS} more problems`,
    suggestion: 'mend these first',
  };
}

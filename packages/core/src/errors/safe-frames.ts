/**
 * The frames of an error's stack, `at …` each, never its message. A stack begins with the message, whose own lines may look like
 * frames: where the stack does not begin as the error says, because one of them was changed, there are none.
 */
export function safeFrames(error: Error): string[] {
  const stack = String(error.stack ?? '');
  const message = String(error.message);
  const head = (headPattern.exec(stack)?.[0] ?? '') + (message === '' ? '' : `: ${message}`);
  if (!stack.startsWith(`${head}\n`)) return [];
  const lines = stack.slice(head.length + 1).split('\n');
  const end = lines.findIndex((line) => !framePattern.test(line));
  return lines.slice(0, Math.min(end < 0 ? lines.length : end, maxFrames)).map((line) => line.trim());
}

const maxFrames = 20;
/** The name, and the code that Node adds to its own errors. */
const headPattern = /^[\w$.]{1,80}(?: \[[\w.-]{1,80}\])?/;
const framePattern = /^\s+at .{1,400}(?::\d+:\d+\)?|\(native\)|\(<anonymous>\)|\(index \d+\))$/;

// Programs the tests use besides Node: ffmpeg for sound and film, Chromium for the page. Installed where that can be done
// without asking (root on a Debian-like system); elsewhere the tests that need them say so.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const programs = [
  { names: ['ffmpeg'], debian: 'ffmpeg' },
  { names: ['chromium', 'chromium-browser', 'google-chrome'], debian: 'chromium' },
];

export function provisionTools() {
  const missing = programs.filter(({ names }) => !names.some(onPath));
  if (missing.length === 0) return;
  const packages = missing.map(({ debian }) => debian);
  if (process.getuid?.() !== 0 || !onPath('apt-get')) {
    console.log(`Missing for some tests: ${packages.join(', ')}. Install them with your system's package manager.`);
    return;
  }
  console.log(`Installing ${packages.join(', ')} …`);
  const apt = (...args) => spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  apt('update');
  apt('install', '-y', '--no-install-recommends', ...packages);
}

function onPath(name) {
  return (process.env.PATH ?? '').split(delimiter).some((dir) => existsSync(join(dir, name)));
}

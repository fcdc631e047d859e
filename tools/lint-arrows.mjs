// dependency-cruiser stops at a folder that does not exist: give it those that do.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const folders = ['apps', 'libs', 'tools', 'test'].filter((folder) => existsSync(folder));
const cruiser = 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs';
const { status } = spawnSync(process.execPath, [cruiser, ...folders, '--config', '.dependency-cruiser.cjs'], {
  stdio: 'inherit',
});
process.exit(status ?? 1);

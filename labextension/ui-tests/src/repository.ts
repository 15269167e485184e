import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The kernel that a notebook is made for. */
export interface KernelSpec {
  name: string;
  displayName: string;
}

/** A real git repository with one commit, below what a server serves. */
export class Repository {
  private constructor(
    /** Its folder's name, and its path on the server. */
    readonly name: string,
    readonly path: string
  ) {}

  static create(root: string, name: string): Repository {
    const repository = new Repository(name, join(root, name));
    mkdirSync(repository.path);
    repository.git('init', '--quiet', '--initial-branch=main');
    repository.git('config', 'user.name', 'Ana');
    repository.git('config', 'user.email', 'ana@example.org');
    repository.write('README.md', '# Climate\n');
    repository.git('add', 'README.md');
    repository.git('commit', '--quiet', '--message', 'Start');
    return repository;
  }

  git(...words: string[]): string {
    return execFileSync('git', words, { cwd: this.path, encoding: 'utf-8' });
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf-8');
  }

  write(name: string, text: string): void {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Write a notebook and return its path on the server. */
  notebook(name: string, kernel: KernelSpec, cells: string[]): string {
    this.write(
      name,
      JSON.stringify({
        cells: cells.map((source, index) => ({
          cell_type: 'code',
          id: `cell-${index}`,
          metadata: {},
          execution_count: null,
          outputs: [],
          source
        })),
        metadata: {
          kernelspec: {
            name: kernel.name,
            display_name: kernel.displayName,
            language: 'python'
          },
          language_info: { name: 'python' }
        },
        nbformat: 4,
        nbformat_minor: 5
      })
    );
    return `${this.name}/${name}`;
  }
}

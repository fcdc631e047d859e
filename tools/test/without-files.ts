/** Those of the paths that are the path of no file, as jest reads them: as regular expressions, whatever the case. */
export const withoutFiles = (paths: readonly string[], files: readonly string[]): string[] =>
  paths.filter((path) => !files.some((file) => new RegExp(path, 'i').test(file)));

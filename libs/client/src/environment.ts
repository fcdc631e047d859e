/** What the environment says, where there is one: a browser has none. Given options go first. */
export function fromEnvironment(name: string): string | undefined {
  const { process } = globalThis as {
    readonly process?: { readonly env?: Readonly<Record<string, string | undefined>> };
  };
  const value = process?.env?.[name];
  return value === '' ? undefined : value;
}

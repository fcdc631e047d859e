import type { Schema, Schemas } from './arbitrary-of-schema.js';

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema?: Schema;
}

export interface Content {
  readonly schema?: Schema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface Operation {
  readonly tags?: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content?: Readonly<Record<string, Content>> };
  readonly responses?: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>;
  /** Another process answers. */
  readonly servers?: readonly { readonly url: string }[];
}

/** What specs read of an OpenAPI document. */
export interface Description {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Schemas };
}

/** One call that a description offers. */
export interface Route {
  /** In capitals. */
  readonly method: string;
  /** With `{id}` where a caller writes something. */
  readonly path: string;
  readonly operation: Operation;
}

/** All calls of a description, in its order: a new one is found here by itself. */
export const routesOf = ({ paths }: Description): Route[] =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ method: method.toUpperCase(), path, operation })),
  );

/** The part of a description that passes. */
export const onlyRoutes = (description: Description, isWanted: (route: Route) => boolean): Description => ({
  ...description,
  paths: Object.fromEntries(
    Object.entries(description.paths).flatMap(([path, methods]) => {
      const kept = Object.entries(methods).filter(([method, operation]) =>
        isWanted({ method: method.toUpperCase(), path, operation }),
      );
      return kept.length > 0 ? [[path, Object.fromEntries(kept)]] : [];
    }),
  ),
});

/** Whether the process that serves the description answers this call itself. */
export const isOwn = ({ operation }: Route): boolean => operation.servers === undefined;

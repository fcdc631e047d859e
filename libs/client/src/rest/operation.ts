import type { paths } from './openapi.js';

export type Path = keyof paths;
type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';
type Json<Content> = Content extends { readonly content: { readonly 'application/json': infer Body } } ? Body : never;

/** An operation of the API by its path and method. */
type Operation<P extends Path, M extends Method> = NonNullable<paths[P][M]>;

/** What an operation is sent. */
export type BodyOf<P extends Path, M extends Method> =
  Operation<P, M> extends { readonly requestBody?: infer Body } ? Json<NonNullable<Body>> : never;

/** How a list may be narrowed; `limit` is how many come with one call. The client turns pages by itself. */
export type QueryOf<P extends Path> =
  Operation<P, 'get'> extends { readonly parameters: { readonly query?: infer Query } }
    ? Omit<NonNullable<Query>, 'after' | 'before' | 'limit'> & { readonly limit?: number }
    : never;

/** What it answers when it worked. */
export type AnswerOf<P extends Path, M extends Method> =
  Operation<P, M> extends { readonly responses: infer Responses }
    ? Json<Responses[Extract<keyof Responses, 200 | 201 | 202>]>
    : never;

/** One item of a list. */
export type ItemOf<P extends Path> =
  AnswerOf<P, 'get'> extends { readonly data: readonly (infer Item)[] } ? Item : never;

import type { paths } from './openapi.js';

type Method = 'get' | 'post' | 'patch' | 'put' | 'delete';
type Json<Content> = Content extends { readonly content: { readonly 'application/json': infer Body } } ? Body : never;

/** An operation of the API by its path and method. */
export type Operation<Path extends string, Of extends Method> = Path extends keyof paths
  ? NonNullable<paths[Path][Of]>
  : any;

/** What an operation is sent. */
export type BodyOf<Path extends string, Of extends Method> =
  Operation<Path, Of> extends { readonly requestBody?: infer Body } ? Json<NonNullable<Body>> : never;

/** What may stand in its query, but for the cursors: the client turns pages by itself. */
export type QueryOf<Path extends string, Of extends Method = 'get'> =
  Operation<Path, Of> extends { readonly parameters: { readonly query?: infer Query } }
    ? Omit<NonNullable<Query>, 'after' | 'before'>
    : Record<never, never>;

/** What it answers when it worked. */
export type AnswerOf<Path extends string, Of extends Method> =
  Operation<Path, Of> extends { readonly responses: infer Responses }
    ? Json<Responses[Extract<keyof Responses, 200 | 201 | 202>]>
    : never;

/** One item of a list. */
export type ItemOf<Path extends string> =
  AnswerOf<Path, 'get'> extends { readonly data: readonly (infer Item)[] } ? Item : never;

import { describe, expect, it } from '@jest/globals';
import { RouteTable } from './route-table.js';

describe('the methods of a path', () => {
  const table = new RouteTable();
  table.add('/v1/emails', 'POST');
  table.add('/v1/emails', ['GET', 'HEAD']);
  table.add('/v1/emails/:id', 'PATCH');
  table.add('/docs/*', 'GET');

  it.each([
    ['/v1/emails', ['GET', 'HEAD', 'POST']],
    ['/v1/emails/', []],
    ['/v1/emails/em_1', ['PATCH']],
    ['/v1/emails/em_1/cancel', []],
    ['/v1xemails', []],
    ['/docs/x', []],
  ])('%s are %j', (path, methods) => expect(table.methodsOf(path)).toEqual(methods));
});

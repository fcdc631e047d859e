/** Something at once; then, whenever anything came, one thing for all that came within `everyMs`. Ends when the source does. */
export async function* paced(
  source: AsyncGenerator<unknown, void>,
  everyMs: number,
): AsyncGenerator<'something', void> {
  yield 'something';
  let next = nextOf(source);
  while ((await next).done !== true) {
    const time = new Promise<'time'>((resolve) => setTimeout(() => resolve('time'), everyMs));
    do next = nextOf(source);
    while (await comesBefore(time, next));
    yield 'something';
  }
}

/** An error of it is told when it is asked for. */
function nextOf(source: AsyncGenerator<unknown, void>): Promise<IteratorResult<unknown, void>> {
  const next = source.next();
  next.catch(() => undefined);
  return next;
}

/** Whether there is one more before it is time. */
async function comesBefore(time: Promise<'time'>, next: Promise<IteratorResult<unknown, void>>): Promise<boolean> {
  const first = await Promise.race([time, next]);
  return first !== 'time' && first.done !== true;
}

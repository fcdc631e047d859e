/** A body that is a table, where others are JSON. */
export class CsvBody {
  constructor(readonly text: string) {}
}

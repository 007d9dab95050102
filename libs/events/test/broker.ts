import { systemClock } from '@heed/kernel';
import kafkajs, { type Admin } from 'kafkajs';

export async function asAdmin<T>(brokers: readonly string[], work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = new kafkajs.Kafka({ brokers: [...brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}

/** Deletes a topic and returns when the cluster has forgotten it. */
export async function deleteTopic(brokers: readonly string[], topic: string): Promise<void> {
  await asAdmin(brokers, async (admin) => {
    await admin.deleteTopics({ topics: [topic] });
    while ((await admin.listTopics()).includes(topic)) await systemClock.wait(20);
  });
}

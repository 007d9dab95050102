/** What does not hold. */
export class Fault extends Error {}

/** How the checker reaches into the participant's store: by commands of whoever runs it. */
export interface Hands {
  /** Puts a person there; false where the store does not take them. */
  plant(tenantId: string, subjectId: string, email: string): boolean;
  /** How many rows about them are there. */
  look(tenantId: string, subjectId: string, email: string): number;
  /** Changes something about them; false where the store does not let it. Without, it is not tried. */
  change?: (tenantId: string, subjectId: string, email: string) => boolean;
}

export interface Check {
  says: string;
  /** False where the participant does not say that it does such a thing: it is not asked then. */
  applies?: () => boolean;
  run(): Promise<void>;
}

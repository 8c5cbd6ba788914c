import type { EpochMs, JsonDocument, TaskState } from '@task/domain';

/** A time as answers tell it: ISO 8601, UTC, with milliseconds. */
export function iso(at: EpochMs): string {
  return new Date(at).toISOString();
}

/** A time that may be missing. */
export function isoOrNull(at: EpochMs | null): string | null {
  return at === null ? null : iso(at);
}

/** The value of a document that may be missing. */
export function valueOf(document: JsonDocument | null): unknown {
  return document === null ? null : document.value;
}

/** The creator's notes, and who created and last changed the task: the service's word stands over the creator's. */
export function metadataOf({ metadata, createdBy, updatedBy }: TaskState): object {
  return { ...(valueOf(metadata) as object | null), created_by: createdBy, updated_by: updatedBy };
}

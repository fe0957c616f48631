import { z } from 'zod';

/** How many runs one call moves or deletes at most. */
export const maxRunsPerCall = 50;

/** How many runs one call moves or deletes. */
export const callLimit = z.int().min(1).max(maxRunsPerCall);

/** How many buckets a history has. */
export const bucketCount = z.int().min(1).max(500);

/** A name or a key as columns store it. */
export const shortText = z.string().max(255);

/** A name or a key that is not empty. */
export const nameText = shortText.min(1);

/** The idempotency key of a run, unique in its flow. */
export const runIdempotencyKey = z.string().max(512);

/** What the creator of a run, or the process that it runs in, is called. */
export const longName = z.string().max(1024);

/** Why an operation was started. */
export const reasonText = z.string().min(1).max(10_000);

/** How many seconds a lease on a slot may last without a renewal. */
export const leaseSeconds = z.number().min(60).max(86_400);

/** A number of retries, or of seconds before one. */
export const count = z.int32().min(0);

/** A number of runs, or a rate in runs per second. */
export const atLeastOne = z.int32().min(1);

/** A share of a whole. */
export const ratio = z.number().min(0).max(1);

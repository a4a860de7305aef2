/**
 * What the controller decided, for people: events with a cause, which every node derives alike from
 * the metadata log.
 */
@NullMarked
package dev.naru.metadata.chronicle;

import org.jspecify.annotations.NullMarked;

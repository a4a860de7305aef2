/**
 * What is asked of the metadata log: values that carry every id, die and time that deciding needs.
 */
@NullMarked
package dev.naru.metadata.command;

import org.jspecify.annotations.NullMarked;

/** Records between standard streams and the SDK. */
@NullMarked
package dev.naru.cli.records;

import org.jspecify.annotations.NullMarked;

/** What an application holds: the client, its settings, records, codecs and errors. */
@NullMarked
package dev.naru.client;

import org.jspecify.annotations.NullMarked;

/** The pages for probes and scrapers, served by the JDK's own HTTP server. */
@NullMarked
package dev.naru.broker.http;

import org.jspecify.annotations.NullMarked;

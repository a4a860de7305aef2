/** What happened that a person should know of: every WARN and every ERROR has its code here. */
@NullMarked
package dev.naru.broker.events;

import org.jspecify.annotations.NullMarked;

/** Keys and values as JSON, by the Jackson that an application has. */
@NullMarked
package dev.naru.client.json;

import org.jspecify.annotations.NullMarked;

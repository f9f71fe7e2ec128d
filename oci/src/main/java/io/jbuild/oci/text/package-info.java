/**
 * What everything else here leans on to speak about text from outside: {@link MalformedException},
 * the one exception for input that has not the form it must have, and {@link Printable}, which
 * makes any text fit to be shown in a message.
 *
 * <p>The rule: text from outside enters a message only through {@link Printable}.
 */
@NullMarked
package io.jbuild.oci.text;

import org.jspecify.annotations.NullMarked;

/**
 * Images in a directory as the OCI image layout specification has it. The one type to start from is
 * {@link OciLayout}.
 *
 * <p>The rule: a layout may come from anywhere. Nothing in it is reached through a symbolic link,
 * its contents are verified by digest, and what it says about itself is read as strictly as a
 * registry's answer.
 */
@NullMarked
package io.jbuild.oci.layout;

import org.jspecify.annotations.NullMarked;

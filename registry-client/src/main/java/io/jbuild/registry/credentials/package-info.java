/**
 * Who we are for a registry: the user's credential files and helper programs.
 *
 * <p>Start at {@link io.jbuild.registry.credentials.CredentialSource} and {@link
 * io.jbuild.registry.credentials.DockerConfig}. The rule that holds: a lookup is by the exact
 * {@code host[:port]}; what was stored for one host is never given for another one.
 */
@NullMarked
package io.jbuild.registry.credentials;

import org.jspecify.annotations.NullMarked;

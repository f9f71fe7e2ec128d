/**
 * The client of the OCI distribution protocol: pull, push, mounts, authentication, mirrors.
 *
 * <p>Start at {@link io.jbuild.registry.RegistryClient} and {@link io.jbuild.registry.Repository};
 * what a caller may configure is {@link io.jbuild.registry.RegistrySettings}. Below them: one small
 * object per endpoint, then {@code RegistrySession} (authentication, retries), then {@code
 * HttpTransport} (one request, its redirects excluded).
 *
 * <p>The rules that hold: nothing that a registry says is believed before its size and digest were
 * checked, and credentials go to the registry's own origin or to the https realm that it names,
 * never elsewhere.
 */
@NullMarked
package io.jbuild.registry;

import org.jspecify.annotations.NullMarked;

/**
 * The values of the OCI image specification: {@link Digest}, {@link Reference}, {@link Platform},
 * {@link Descriptor}, {@link Manifest}, {@link Index}, {@link ImageConfig} and their JSON. There
 * are more than fifteen public types because the specification has as many nouns; each is one small
 * file.
 *
 * <p>The rule: a value is valid or does not exist. {@code parse} and {@code read} are strict and
 * throw {@link io.jbuild.oci.text.MalformedException}; constructors throw IllegalArgumentException,
 * because a wrong argument there is our bug. Maps are sorted before they are written.
 */
@NullMarked
package io.jbuild.oci;

import org.jspecify.annotations.NullMarked;

/**
 * What a step is known by, and what is remembered of it: {@link io.jbuild.builder.cache.StepKey}
 * and {@link io.jbuild.builder.cache.StepRecord}, kept by {@link
 * io.jbuild.builder.cache.StepCache}.
 *
 * <p>A key is the digest of framed fields, and the fields are kept with the record: two steps that
 * differ in one field never share a key, and a miss can be explained by the field that differs.
 */
@NullMarked
package io.jbuild.builder.cache;

import org.jspecify.annotations.NullMarked;

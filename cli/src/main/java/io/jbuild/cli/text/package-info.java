/**
 * Text for people and terminals: {@link io.jbuild.cli.text.Sizes} and {@link
 * io.jbuild.cli.text.Text}. What a build prints is hostile until it went through here.
 */
@NullMarked
package io.jbuild.cli.text;

import org.jspecify.annotations.NullMarked;

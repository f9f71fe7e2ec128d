/**
 * Devices by the Container Device Interface: files of the machine's administrator say what a
 * container needs for a device besides its node. Start with {@link
 * io.jbuild.isolation.cdi.DeviceRegistry} and {@link io.jbuild.isolation.cdi.DeviceName}.
 *
 * <p>The rule: a file says what it says or is left out with a complaint; what a sandbox cannot do
 * is never dropped in silence, the device is refused when it is asked for.
 *
 * @see <a href="https://github.com/cncf-tags/container-device-interface/blob/main/SPEC.md">the
 *     specification</a>
 */
@NullMarked
package io.jbuild.isolation.cdi;

import org.jspecify.annotations.NullMarked;

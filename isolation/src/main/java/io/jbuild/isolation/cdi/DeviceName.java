package io.jbuild.isolation.cdi;

import io.jbuild.oci.text.MalformedException;
import io.jbuild.oci.text.Printable;

/**
 * What a user asks for: {@code vendor.com/class=name}; {@code *} is every device of the kind, and
 * no name the first.
 *
 * @param kind {@code vendor.com/class}
 * @param device empty for the first one of the kind
 */
public record DeviceName(String kind, String device) {
  private static final String WORD = "[A-Za-z](?:[A-Za-z0-9_.-]*[A-Za-z0-9])?";
  private static final String KIND = WORD + "/" + WORD;
  private static final String DEVICE = "[A-Za-z0-9](?:[A-Za-z0-9_.:-]*[A-Za-z0-9])?";
  private static final String ALL = "*";

  public static DeviceName parse(String text) throws MalformedException {
    int equals = text.indexOf('=');
    String kind = equals < 0 ? text : text.substring(0, equals);
    String device = equals < 0 ? "" : text.substring(equals + 1);
    if (!isKind(kind) || !(device.isEmpty() || device.equals(ALL) || isDevice(device))) {
      throw new MalformedException(
          Printable.quote(text) + " is not the name of a device, vendor.com/class=name");
    }
    return new DeviceName(kind, device);
  }

  static boolean isKind(String text) {
    return text.matches(KIND);
  }

  static boolean isDevice(String text) {
    return text.matches(DEVICE);
  }

  boolean isFirst() {
    return device.isEmpty();
  }

  boolean isAll() {
    return device.equals(ALL);
  }

  @Override
  public String toString() {
    return isFirst() ? kind : kind + "=" + device;
  }
}

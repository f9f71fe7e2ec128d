package io.jbuild.cli;

import io.jbuild.builder.DeviceAccess;
import io.jbuild.builder.Entitlement;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.TypeConversionException;

/**
 * The values of {@code --allow}: rights with commas between them, or one {@code
 * device[=NAME[,alias=NAME]]}.
 */
record AllowOption(Set<Entitlement> entitlements, DeviceAccess devices) {
  private static final String DEVICE = "device";
  private static final String ALIAS = "alias=";

  AllowOption {
    entitlements = Collections.unmodifiableSet(entitlements);
  }

  static AllowOption parse(List<String> texts) {
    Set<Entitlement> entitlements = EnumSet.noneOf(Entitlement.class);
    DeviceAccess devices = DeviceAccess.none();
    for (String text : texts) {
      if (text.startsWith(DEVICE + "=")) {
        devices = device(devices, text.substring(DEVICE.length() + 1));
        continue;
      }
      for (String right : text.split(",", -1)) {
        switch (right) {
          case "network.host" -> entitlements.add(Entitlement.NETWORK_HOST);
          case "security.insecure" -> entitlements.add(Entitlement.SECURITY_INSECURE);
          case DEVICE -> devices = devices.withAll();
          default ->
              throw new TypeConversionException(
                  "--allow takes network.host, security.insecure or device[=NAME], not '"
                      + right
                      + "'");
        }
      }
    }
    return new AllowOption(entitlements, devices);
  }

  private static DeviceAccess device(DeviceAccess devices, String text) {
    int comma = text.indexOf(',');
    String name = comma < 0 ? text : text.substring(0, comma);
    String rest = comma < 0 ? "" : text.substring(comma + 1);
    boolean known = rest.isEmpty() ? comma < 0 : rest.startsWith(ALIAS) && rest.indexOf(',') < 0;
    if (name.isEmpty() || !known || rest.equals(ALIAS)) {
      throw new TypeConversionException(
          "--allow device=NAME[,alias=NAME] is one device, not '" + text + "'");
    }
    return devices.with(name, rest.isEmpty() ? "" : rest.substring(ALIAS.length()));
  }
}

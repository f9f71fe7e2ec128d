package io.jbuild.builder.step;

import io.jbuild.builder.DeviceAccess;
import io.jbuild.builder.instruction.Run;
import io.jbuild.builder.source.BuildfileException;
import io.jbuild.isolation.cdi.Device;
import io.jbuild.isolation.cdi.DeviceName;
import io.jbuild.isolation.cdi.DeviceRegistry;
import io.jbuild.oci.text.MalformedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Looks up the devices of one RUN. */
final class StepDevices {
  private final Workshop workshop;
  private final Run run;
  private final DeviceAccess access;

  StepDevices(Workshop workshop, Run run) {
    this.workshop = workshop;
    this.run = run;
    this.access = workshop.request().devices();
  }

  /** What the step gets for them; nothing when it asks for none, or when there is none. */
  Optional<StepMount> find() throws IOException, BuildfileException {
    if (run.devices().isEmpty()) {
      return Optional.empty();
    }
    DeviceRegistry registry = DeviceRegistry.read(access.specifications());
    Map<String, Device> found = new TreeMap<>();
    for (Run.Device wanted : run.devices()) {
      for (Device device : find(registry, wanted)) {
        found.put(device.name(), device);
      }
    }
    if (found.isEmpty()) {
      return Optional.empty();
    }
    DeviceEdits edits = new DeviceEdits(new ArrayList<>(found.values()), run.origin());
    edits.check();
    return Optional.of(edits);
  }

  private List<Device> find(DeviceRegistry registry, Run.Device wanted) throws BuildfileException {
    List<Device> devices = registry.find(name(wanted));
    if (devices.isEmpty()) {
      absent(registry, wanted);
    }
    for (Device device : devices) {
      if (!device.isFree() && !access.allows(device.name(), device.kind())) {
        throw run.origin()
            .error(
                "RUN --device=" + wanted.name() + " is not allowed",
                "allow it with --allow device=" + device.name());
      }
    }
    return devices;
  }

  private DeviceName name(Run.Device wanted) throws BuildfileException {
    try {
      return DeviceName.parse(access.resolve(wanted.name()));
    } catch (MalformedException e) {
      throw run.origin().error("RUN --device: " + e.getMessage());
    }
  }

  private void absent(DeviceRegistry registry, Run.Device wanted) throws BuildfileException {
    if (!wanted.required()) {
      workshop
          .warnings()
          .accept("RUN --device=" + wanted.name() + " is left out: there is no such device");
      return;
    }
    List<String> complaints = registry.complaints();
    throw run.origin()
        .error(
            "device " + wanted.name() + " is required, and is not there",
            complaints.isEmpty()
                ? "it has to be described by a file in " + places()
                : "a file is not read: " + complaints.get(0));
  }

  private String places() {
    return String.join(" or ", access.specifications().stream().map(Object::toString).toList());
  }
}

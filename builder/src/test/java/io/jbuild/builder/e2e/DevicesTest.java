package io.jbuild.builder.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.builder.BuildRequest;
import io.jbuild.builder.DeviceAccess;
import io.jbuild.builder.source.BuildfileException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code RUN --device}, by files of the Container Device Interface. */
class DevicesTest {
  /** Node 10:200 is that of /dev/net/tun; nobody has to have it, as nothing opens it. */
  private static final String YAML =
      """
      cdiVersion: "0.6.0"
      kind: "example.com/dev"
      annotations:
        org.mobyproject.buildkit.device.class: "both"
      containerEdits:
        env: [SHARED=yes, PATH=/bin:/of/the/device]
      devices:
      - name: tunnel
        containerEdits:
          env: ["TUNNEL=1"]
          deviceNodes:
          - {path: /dev/net/tun, type: c, major: 10, minor: 200, fileMode: 0660, gid: 7, permissions: rw}
          additionalGids: [44, 0]
      - name: zero
        containerEdits:
          deviceNodes:
          - {path: /dev/mine, hostPath: /dev/zero}
          mounts:
          - {hostPath: DIRECTORY/library, containerPath: /opt/library, options: [ro, nosuid, nodev, bind]}
      """;

  private static final String JSON =
      """
      {"cdiVersion": "0.5.0", "kind": "example.com/other", "devices": [
        {"name": "free", "annotations": {"org.mobyproject.buildkit.device.autoallow": "true"},
         "containerEdits": {"env": ["FREE=1"]}},
        {"name": "hooked", "containerEdits": {"hooks": [
          {"hookName": "createContainer", "path": "/usr/bin/nvidia-ctk"}]}},
        {"name": "gone", "containerEdits": {"deviceNodes": [{"path": "/dev/no-such-device"}]}},
        {"name": "null", "containerEdits": {"deviceNodes": [{"path": "/dev/null"}]}}
      ]}
      """;

  @TempDir private Path directory;
  private Path specs;

  @BeforeEach
  void describeDevices() throws Exception {
    specs = Files.createDirectories(directory.resolve("cdi"));
    Files.writeString(
        Files.createDirectory(directory.resolve("library")).resolve("libx.so"), "of the host");
    Files.writeString(specs.resolve("a.yaml"), YAML.replace("DIRECTORY", directory.toString()));
    Files.writeString(specs.resolve("b.json"), JSON);
    Files.writeString(specs.resolve("broken.yaml"), "cdiVersion: [");
    Files.writeString(specs.resolve("README.txt"), "no file of ours");
  }

  private DeviceAccess access(String... names) {
    DeviceAccess access = DeviceAccess.none().withSpecifications(List.of(specs));
    for (String name : names) {
      access = access.with(name, "");
    }
    return access;
  }

  private static Consumer<BuildRequest.Builder> with(DeviceAccess access) {
    return request -> request.devices(access);
  }

  private static String error(Builds builds, DeviceAccess access, String flags) {
    BuildfileException e =
        assertThrows(
            BuildfileException.class,
            () -> builds.build(with(access), "FROM busybox:test", "RUN " + flags + " true"),
            flags);
    return String.valueOf(e.getMessage());
  }

  @Test
  void device_nodeMountsVariablesAndGroups_areThereForOneStep() throws Exception {
    int mode = (Integer) Files.getAttribute(Path.of("/dev/zero"), "unix:mode");
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          with(access("example.com/dev")),
          "FROM busybox:test",
          "USER 1000:1001",
          "RUN --device=example.com/dev=tunnel,required --device=name=example.com/dev=zero "
              + "stat -c '%a %u:%g %t:%T %n' /dev/net/tun /dev/mine; cat /opt/library/libx.so; echo;"
              + " echo $TUNNEL $SHARED $PATH; id -G; head -c 3 /dev/mine | wc -c;"
              + " touch /opt/library/x 2>&1 | grep -o Read-only",
          "RUN ls /dev/mine /opt 2>&1; echo \"[$TUNNEL]\"");
      assertEquals(
          List.of(
              "660 1000:7 a:c8 /dev/net/tun",
              Integer.toOctalString(mode & 0777) + " 1000:1001 1:5 /dev/mine",
              "of the host",
              "1 yes /bin:/of/the/device",
              "1001 44",
              "3",
              "Read-only",
              "ls: /dev/mine: No such file or directory",
              "ls: /opt: No such file or directory",
              "[]"),
          builds.last().output());
      assertEquals(List.of(), builds.last().warnings());
      assertFalse(builds.root().containsKey("/opt"));
    }
  }

  @Test
  void device_byClassByKindOrAll_isFound() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      DeviceAccess all = access().withAll();
      String script = " cd /dev; ls -d net/tun mine 2>/dev/null | xargs";
      builds.build(
          with(all),
          "FROM busybox:test",
          "RUN --device=example.com/dev=both" + script,
          "RUN --device=example.com/dev=*" + script,
          "RUN --device=example.com/dev" + script);
      assertEquals(List.of("mine net/tun", "mine net/tun", "net/tun"), builds.last().output());
    }
  }

  @Test
  void device_absent_isAWarningUnlessRequired() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      builds.build(
          with(access()), "FROM busybox:test", "RUN --device=vendor.com/gpu=0 echo built anyway");
      assertEquals(List.of("built anyway"), builds.last().output());
      assertEquals(
          List.of("RUN --device=vendor.com/gpu=0 is left out: there is no such device"),
          builds.last().warnings());
      String required = error(builds, access(), "--device=vendor.com/gpu=0,required");
      assertTrue(required.contains("device vendor.com/gpu=0 is required"), required);
    }
  }

  @Test
  void device_notAllowed_isRefused() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      String other = "--device=example.com/dev=zero";
      for (DeviceAccess access : List.of(access(), access("example.com/dev=tunnel"))) {
        String message = error(builds, access, other);
        assertTrue(message.contains("RUN --device=example.com/dev=zero is not allowed"), message);
      }
      builds.build(
          with(access()), "FROM busybox:test", "RUN --device=example.com/other=free echo $FREE");
      assertEquals(List.of("1"), builds.last().output());
      builds.build(
          with(access().with("example.com/dev=tunnel", "vendor.com/tunnel")),
          "FROM busybox:test",
          "RUN --device=vendor.com/tunnel,required echo $TUNNEL");
      assertEquals(List.of("1"), builds.last().output());
    }
  }

  @Test
  void device_thatNoSandboxCanGive_isRefusedClearly() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      DeviceAccess all = access().withAll();
      String hooked = error(builds, all, "--device=example.com/other=hooked");
      assertTrue(hooked.contains("device example.com/other=hooked needs hooks"), hooked);
      String gone = error(builds, all, "--device=example.com/other=gone");
      assertTrue(gone.contains("a device needs \"/dev/no-such-device\""), gone);
      String taken = error(builds, all, "--device=example.com/other=null");
      assertTrue(taken.contains("\"/dev/null\" is no place for a device"), taken);
      String name = error(builds, all, "--device=/dev/zero");
      assertTrue(name.contains("is not the name of a device"), name);
    }
  }

  @Test
  void device_isInTheKeyOfItsStep() throws Exception {
    try (Builds builds = Builds.in(directory)) {
      DeviceAccess all = access().withAll();
      String[] file = {"FROM busybox:test", "RUN --device=example.com/dev=zero echo ran > /ran"};
      builds.build(with(all), file);
      builds.build(with(all), file);
      assertEquals(List.of(), builds.last().ran());
      builds.build(with(all.withSpecifications(List.of())), file);
      assertEquals(1, builds.last().ran().size(), "without the device it is another step");
    }
  }
}

package io.jbuild.isolation.lsm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jbuild.isolation.lsm.SecurityLabels.Part;
import io.jbuild.isolation.lsm.SecurityModules.Chosen;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With the files of the two kernels below a directory. */
class SecurityModulesTest {
  @TempDir Path root;

  private void put(String path, String text) throws IOException {
    Path file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private void appArmor(String profiles) throws IOException {
    put("sys/module/apparmor/parameters/enabled", "Y\n");
    put("sys/kernel/security/apparmor/profiles", profiles);
  }

  private void selinux() throws IOException {
    put("sys/fs/selinux/enforce", "1");
    put("etc/selinux/config", "# which\nSELINUX=enforcing\nSELINUXTYPE=targeted\n");
    put(
        "etc/selinux/targeted/contexts/lxc_contexts",
        "process = \"system_u:system_r:container_t:s0\"\n"
            + "file = \"system_u:object_r:container_file_t:s0\"\n");
  }

  private Chosen choose(SecurityLabels asked) throws IOException {
    return SecurityModules.at(root).choose(asked);
  }

  private String refusal(SecurityLabels asked) {
    return String.valueOf(assertThrows(IOException.class, () -> choose(asked)).getMessage());
  }

  @Test
  void choose_kernelWithoutModules_givesNothingAndRefusesWhatWasAsked() throws Exception {
    assertEquals(Chosen.NOTHING, choose(SecurityLabels.USUAL));
    assertEquals(Chosen.NOTHING, choose(SecurityLabels.NONE));
    assertTrue(refusal(SecurityLabels.USUAL.withAppArmor("mine")).contains("runs no AppArmor"));
    assertTrue(
        refusal(SecurityLabels.USUAL.withPart(Part.TYPE, "spc_t")).contains("runs no SELinux"));
  }

  @Test
  void choose_appArmor_takesALoadedContainerProfileOrTheOneThatWasAsked() throws Exception {
    appArmor("lsb_release (enforce)\ndocker-default (enforce)\nmine (complain)\n");
    assertEquals(Optional.of("docker-default"), choose(SecurityLabels.USUAL).appArmor());
    assertEquals(Optional.of("mine"), choose(SecurityLabels.USUAL.withAppArmor("mine")).appArmor());
    assertEquals(Chosen.NOTHING, choose(SecurityLabels.NONE));
    assertTrue(refusal(SecurityLabels.USUAL.withAppArmor("other")).contains("is not loaded"));
  }

  @Test
  void choose_appArmorWithoutAContainerProfile_givesNothing() throws Exception {
    appArmor("lsb_release (enforce)\n");
    assertEquals(Chosen.NOTHING, choose(SecurityLabels.USUAL));
  }

  @Test
  void choose_selinux_givesThePolicysLabelsWithCategoriesOfTheirOwn() throws Exception {
    selinux();
    Chosen chosen = choose(SecurityLabels.USUAL);
    String process = chosen.selinux().orElseThrow();
    assertTrue(process.matches("system_u:system_r:container_t:s0:c[0-9]+,c[0-9]+"), process);
    String level = process.substring(process.indexOf("s0"));
    assertEquals(Optional.of("system_u:object_r:container_file_t:" + level), chosen.mountContext());
    assertEquals(Chosen.NOTHING, choose(SecurityLabels.USUAL.withoutSelinux()));
  }

  @Test
  void choose_selinuxParts_replaceThePolicys() throws Exception {
    selinux();
    Chosen chosen =
        choose(
            SecurityLabels.USUAL
                .withPart(Part.TYPE, "spc_t")
                .withPart(Part.LEVEL, "s0:c1,c2")
                .withPart(Part.FILETYPE, "svirt_t"));
    assertEquals(Optional.of("system_u:system_r:spc_t:s0:c1,c2"), chosen.selinux());
    assertEquals(Optional.of("system_u:object_r:svirt_t:s0:c1,c2"), chosen.mountContext());
  }
}

package io.jbuild.isolation.ladder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tries everything, and says on which rung builds can stand here. Takes some 100 ms. */
public final class Doctor {
  private final Rights rights = Rights.current();
  private final List<Finding> findings = new ArrayList<>();
  private final IdRangeProbes ids;
  private final NamespaceProbes namespaces;
  private final KernelProbes kernel;
  private final StorageProbes storage;
  private final Rung rung;
  private boolean chroot;

  private Doctor(Surroundings around) {
    Mends mends = Mends.of(around.etc());
    ids = IdRangeProbes.look(rights, around, mends);
    namespaces = NamespaceProbes.look(rights);
    kernel = KernelProbes.look(rights);
    storage = StorageProbes.look(rights, around, mends);
    findings.addAll(MachineProbes.look(mends));
    findings.addAll(ids.findings());
    findings.addAll(namespaces.findings());
    findings.addAll(kernel.findings());
    findings.addAll(ControlGroupProbes.look(rights));
    findings.addAll(NetworkProbes.look(rights, around, mends));
    rung = rung();
    boolean here = rights.administers();
    findings.addAll(NetworkProbes.standard(around, rung, here));
    if (storage.writable()) {
      storage.driver(rung, here);
      tryChroot();
    }
    findings.addAll(storage.findings());
    findings.addAll(SecurityProbes.look(rights));
  }

  private void tryChroot() {
    if (rung == Rung.CHROOT) {
      Findings failed = new Findings(Finding.Topic.NAMESPACES);
      failed.look(
          "chroot",
          "steps where there are no namespaces",
          () ->
              storage.inScratch(
                  scratch -> {
                    ChrootProbe probe = ChrootProbe.look(scratch);
                    chroot = probe.works();
                    findings.addAll(probe.findings());
                  }));
      findings.addAll(failed.all());
    }
  }

  public static Examination examine(Surroundings around) {
    return new Doctor(around).examination();
  }

  private Examination examination() {
    return new Examination(
        rung, reason(rung), culprit(rung).flatMap(Finding::mend), buildsWork(), findings);
  }

  /** A build chooses a chroot by itself only where it can have no user namespace. */
  private boolean buildsWork() {
    boolean chosen = chroot && !rights.administers() && !namespaces.user();
    return storage.writable() && (rung.number() <= Rung.SINGLE_ID.number() || chosen);
  }

  private Rung rung() {
    boolean walls = namespaces.all() && kernel.all();
    if (walls && rights.administers() && rights.initial()) {
      return Rung.FULL_ROOT;
    } else if (walls && (rights.administers() || namespaces.user())) {
      return ids.work() ? Rung.ROOTLESS : Rung.SINGLE_ID;
    }
    return rights.changesRoot() ? Rung.CHROOT : Rung.NONE;
  }

  private Optional<String> reason(Rung rung) {
    return switch (rung) {
      case FULL_ROOT -> Optional.empty();
      case ROOTLESS -> Optional.of("jbuild was not started by root of the machine");
      default -> culprit(rung).map(finding -> finding.what() + ": " + finding.found());
    };
  }

  /** The first thing that keeps builds from a better rung. */
  private Optional<Finding> culprit(Rung rung) {
    return findings.stream()
        .filter(finding -> !finding.ok() && stands(finding.topic(), rung))
        .findFirst();
  }

  private static boolean stands(Finding.Topic inTheWay, Rung rung) {
    return switch (rung) {
      case FULL_ROOT, ROOTLESS -> false;
      case SINGLE_ID -> inTheWay == Finding.Topic.RIGHTS;
      default -> inTheWay == Finding.Topic.NAMESPACES || inTheWay == Finding.Topic.KERNEL;
    };
  }
}

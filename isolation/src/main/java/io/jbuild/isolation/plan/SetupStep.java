package io.jbuild.isolation.plan;

/** One thing that the child does between clone and exec. */
public sealed interface SetupStep
    permits AdoptOrphans,
        AttachRoot,
        BecomeUser,
        ChangeRoot,
        CoverKernelFiles,
        DieWithParent,
        DropCapabilities,
        EnterDirectory,
        Execute,
        ExecuteTrusted,
        FillDev,
        HideMounts,
        HostDevices,
        HostProc,
        InstallFilter,
        JoinControlGroups,
        KeepDescriptor,
        LimitResources,
        MountControlGroups,
        MountProc,
        MountSys,
        NewSession,
        NoNewPrivileges,
        OwnClock,
        PivotRoot,
        PlaceFile,
        PlaceMount,
        ProvideBundle,
        ProvideFiles,
        RaiseLoopback,
        ReadOnlyRoot,
        ResetSignals,
        SetHostname,
        SetOomScore,
        SetSysctl,
        StandardStreams,
        WaitForIdMaps {
  /** Adds this step's system calls to the program. */
  void compile(Assembly out);
}

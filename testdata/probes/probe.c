// Tries what a sandbox has to refuse and looks at what it has to be. Static, no file of an image needed.
//
//   probe ROW...    a line for each row: its name, then "pass", "FAIL" with what was seen, or "skip"
//   probe all       every row
//   probe daemon    leaves a process behind that keeps standard output open
//   probe litter    leaves what a layer must not take over, and what is hard to remove
//
// The exit code is 1 when a row fails. Rows are those of the table in docs/security.md.
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/fs.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static char seen[4096];

static void see(const char *format, ...) {
  size_t used = strlen(seen);
  va_list arguments;
  va_start(arguments, format);
  if (used > 0 && used < sizeof seen - 2) seen[used++] = ';', seen[used++] = ' ', seen[used] = 0;
  vsnprintf(seen + used, sizeof seen - used, format, arguments);
  va_end(arguments);
}

static void refused(const char *what, long result, int error) {
  if (result >= 0)
    see("%s is allowed", what);
  else if (errno != error)
    see("%s: %s instead of %s", what, strerrorname_np(errno), strerrorname_np(error));
}

static void fails(const char *what, long result) {
  if (result >= 0) see("%s is allowed", what);
}

static int content(const char *path, char *into, size_t size) {
  int fd = open(path, O_RDONLY | O_NONBLOCK);
  if (fd < 0) return -1;
  ssize_t n = read(fd, into, size - 1);
  close(fd);
  if (n < 0) return -1;
  into[n] = 0;
  return (int)n;
}

static void empty(const char *path) {
  struct stat st;
  char text[64];
  if (stat(path, &st) < 0) return;  // this kernel does not have it
  if (S_ISDIR(st.st_mode)) {
    DIR *dir = opendir(path);
    struct dirent *entry;
    while (dir && (entry = readdir(dir)))
      if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..")) see("%s has %s", path, entry->d_name);
    if (dir) closedir(dir);
  } else if (content(path, text, sizeof text) > 0) {
    see("%s can be read", path);
  }
  fails(path, open(path, O_WRONLY));
}

static void unwritable(const char *path) {
  if (access(path, F_OK) == 0) fails(path, open(path, O_WRONLY));
}

static unsigned long long status(const char *field) {
  char text[8192], *at;
  if (content("/proc/self/status", text, sizeof text) < 0 || !(at = strstr(text, field))) {
    see("no %s in /proc/self/status", field);
    return 0;
  }
  return strtoull(at + strlen(field), 0, 16);
}

// The first process is the step itself, a file of the image.
static void e01(void) {
  char path[256];
  ssize_t n = readlink("/proc/1/exe", path, sizeof path - 1);
  if (n < 0) return see("readlink: %s", strerrorname_np(errno));
  path[n] = 0;
  struct stat image, exe;
  if (strstr(path, "memfd") || strstr(path, "java") || stat(path, &image) || stat("/proc/1/exe", &exe) ||
      image.st_ino != exe.st_ino || image.st_dev != exe.st_dev)
    see("/proc/1/exe is %s", path);
  fails("writing to it", open("/proc/1/exe", O_WRONLY));
}

static void e02(void) {
  for (int fd = 3; fd < 1024; fd++)
    if (fcntl(fd, F_GETFD) >= 0) see("descriptor %d is open", fd);
}

static void e03(void) {
  char path[4096], link[4096];
  long n = syscall(SYS_getcwd, path, sizeof path);
  if (n < 0 || path[0] != '/') see("getcwd tells %s", n < 0 ? strerrorname_np(errno) : path);
  ssize_t m = readlink("/proc/self/cwd", link, sizeof link - 1);
  if (m < 0 || link[0] != '/') see("/proc/self/cwd leads out");
}

// Devices and covers are real, whatever the image has at these places.
static void e06(void) {
  struct stat st;
  if (stat("/dev/null", &st) || !S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3)) see("/dev/null is none");
  if (stat("/dev/ptmx", &st) || !S_ISCHR(st.st_mode) || st.st_rdev != makedev(5, 2)) see("/dev/ptmx is none");
  struct statfs fs;
  if (statfs("/dev", &fs) || fs.f_type != 0x01021994) see("/dev is no tmpfs");
}

static void e07(void) {
  struct statfs fs;
  if (statfs("/proc", &fs) || fs.f_type != 0x9fa0) see("/proc is no procfs");
  if (statfs("/sys", &fs) || fs.f_type != 0x62656572) see("/sys is no sysfs");
}

static void e08(void) {
  static const char *const masked[] = {
      "/proc/acpi",       "/proc/asound",     "/proc/interrupts",  "/proc/kcore",
      "/proc/keys",       "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
      "/proc/timer_list", "/proc/timer_stats", "/sys/firmware",     "/sys/devices/virtual/powercap",
      "/sys/fs/selinux"};
  for (size_t i = 0; i < sizeof masked / sizeof *masked; i++) empty(masked[i]);
  for (int cpu = 0; cpu < 4; cpu++) {
    char path[64];
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/thermal_throttle", cpu);
    empty(path);
  }
  unwritable("/proc/sys/kernel/domainname");
  unwritable("/proc/sys/vm/drop_caches");
  unwritable("/proc/sysrq-trigger");
  unwritable("/proc/irq/default_smp_affinity");
  unwritable("/sys/kernel/mm/transparent_hugepage/enabled");
  unwritable("/sys/kernel/uevent_helper");
  fails("a directory in /proc/bus", mkdir("/proc/bus/x", 0755));
}

static void e09(void) {
  struct clone_args args;
  memset(&args, 0, sizeof args);
  args.exit_signal = SIGCHLD;
  refused("mount", mount("none", "/tmp", "tmpfs", 0, ""), EPERM);
  refused("remount", mount("none", "/proc/sys", 0, MS_REMOUNT | MS_BIND, 0), EPERM);
  refused("umount", umount2("/proc/sys", MNT_DETACH), EPERM);
  refused("unshare(NEWUSER)", unshare(CLONE_NEWUSER), EPERM);
  refused("unshare(NEWNS)", unshare(CLONE_NEWNS), EPERM);
  refused("clone(NEWUSER)", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0), EPERM);
  refused("clone3", syscall(SYS_clone3, &args, sizeof args), ENOSYS);
  refused("setns", syscall(SYS_setns, 0, 0), EPERM);
  refused("pivot_root", syscall(SYS_pivot_root, "/", "/"), EPERM);
  refused("fsopen", syscall(SYS_fsopen, "tmpfs", 0), EPERM);
  refused("open_tree", syscall(SYS_open_tree, -100, "/", 1), EPERM);
  refused("move_mount", syscall(SYS_move_mount, -100, "/", -100, "/tmp", 0), EPERM);
  refused("mount_setattr", syscall(442, -100, "/", 0, 0, 0), EPERM);
}

static void e10(void) {
  unsigned long long bounding = status("CapBnd:\t");
  unsigned long long wanted = getuid() == 0 ? bounding : 0;
  if (bounding != 0x800405fb) see("bounding %llx", bounding);
  if (status("CapPrm:\t") != wanted || status("CapEff:\t") != wanted) see("not the bounding set");
  if (status("CapInh:\t") || status("CapAmb:\t")) see("inheritable or ambient");
}

static void e11(void) {
  static const char *const known =
      " . .. core fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero console pipes ";
  DIR *dir = opendir("/dev");
  struct dirent *entry;
  while (dir && (entry = readdir(dir))) {
    char name[300];
    snprintf(name, sizeof name, " %s ", entry->d_name);
    if (!strstr(known, name)) see("/dev/%s", entry->d_name);
  }
  if (dir) closedir(dir);
  refused("mknod of a disk", mknod("/tmp/disk", S_IFBLK | 0600, makedev(8, 0)), EPERM);
  refused("mknod of memory", mknod("/tmp/memory", S_IFCHR | 0600, makedev(1, 1)), EPERM);
  refused("mknod of a whiteout", mknod("/tmp/white", S_IFCHR | 0600, makedev(0, 0)), EPERM);
  fails("/dev/mem", open("/dev/mem", O_RDONLY));
}

static void e12(void) {
  refused("/dev/tty", open("/dev/tty", O_RDWR), ENXIO);
  char c = 'x';
  fails("TIOCSTI", ioctl(0, TIOCSTI, &c));
  if (getpid() == 1 && (getsid(0) != 1 || getpgrp() != 1)) see("session %d, group %d", getsid(0), getpgrp());
}

static void e13(void) {
  refused("keyctl", syscall(SYS_keyctl, 0, -3, 0), EPERM);
  refused("add_key", syscall(SYS_add_key, "user", "a", "b", 1, -3), EPERM);
  refused("request_key", syscall(SYS_request_key, "user", "a", 0, 0), EPERM);
}

static void e14(void) {
  gid_t groups[64];
  int n = getgroups(64, groups);
  for (int i = 0; i < n; i++)
    if (groups[i] != getgid()) see("group %d", (int)groups[i]);
}

static void e17(void) {
  char text[65536];
  if (content("/proc/self/mountinfo", text, sizeof text) < 0) return see("no mountinfo");
  for (char *line = strtok(text, "\n"); line; line = strtok(0, "\n"))
    if (strstr(line, " - cgroup") && !strstr(line, " ro,")) see("%s", line);
  unwritable("/sys/fs/cgroup/cgroup.procs");
  unwritable("/sys/fs/cgroup/release_agent");
  fails("a control group", mkdir("/sys/fs/cgroup/x", 0755));
}

static void e18(void) {
  DIR *dir = opendir("/proc");
  struct dirent *entry;
  int highest = 0;
  while (dir && (entry = readdir(dir)))
    if (atoi(entry->d_name) > highest) highest = atoi(entry->d_name);
  if (dir) closedir(dir);
  if (highest > 1000) see("process %d is in sight", highest);
  pid_t child = fork();
  if (child == 0) for (;;) pause();
  if (ptrace(PTRACE_ATTACH, child, 0, 0) < 0) see("ptrace of a child: %s", strerrorname_np(errno));
  kill(child, SIGKILL);
  waitpid(child, 0, 0);
}

static void e19(void) {
  refused("io_uring_setup", syscall(425, 1, 0), EPERM);
  refused("io_uring_enter", syscall(426, -1, 0, 0, 0, 0), EPERM);
  refused("io_uring_register", syscall(427, -1, 0, 0, 0), EPERM);
  refused("userfaultfd", syscall(SYS_userfaultfd, 0), EPERM);
  refused("bpf", syscall(SYS_bpf, 0, 0, 0), EPERM);
  refused("perf_event_open", syscall(SYS_perf_event_open, 0, 0, 0, 0, 0), EPERM);
  refused("open_by_handle_at", syscall(SYS_open_by_handle_at, -1, 0, 0), EPERM);
  refused("kexec_load", syscall(SYS_kexec_load, 0, 0, 0, 0), EPERM);
  refused("init_module", syscall(SYS_init_module, 0, 0, ""), EPERM);
  refused("finit_module", syscall(SYS_finit_module, -1, "", 0), EPERM);
  refused("delete_module", syscall(SYS_delete_module, "x", 0), EPERM);
}

static void e20(void) {
  refused("AF_ALG", socket(38, SOCK_SEQPACKET, 0), EPERM);
  refused("AF_VSOCK", socket(40, SOCK_STREAM, 0), EPERM);
  refused("a family of the future", socket(77, SOCK_STREAM, 0), EAFNOSUPPORT);
  refused("packet sockets", socket(17, SOCK_RAW, 0), EPERM);
  refused("raw sockets", socket(2, SOCK_RAW, 1), EPERM);
}

static void e21(void) {
  char text[65536];
  int lines = 0;
  if (content("/proc/net/dev", text, sizeof text) < 0) return see("no /proc/net/dev");
  for (char *at = text; *at; at++) lines += *at == '\n';
  if (lines != 3 || !strstr(text, "lo:")) see("interfaces: %s", text);
  if (content("/proc/net/unix", text, sizeof text) > 0 && strchr(text, '@')) see("abstract sockets are in sight");
}

static void e22(void) {
#ifdef __x86_64__
  for (int n = 0; n < 600; n++) {
    errno = 0;
    if (syscall(0x40000000L + n) != -1 || errno != ENOSYS) see("x32 call %d: %s", n, strerrorname_np(errno));
  }
  pid_t child = fork();
  if (child == 0) {
    int result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20), "b"(0), "c"(0), "d"(0) : "memory");
    _exit(result > 0 ? 1 : 2);
  }
  int how;
  waitpid(child, &how, 0);
  if (!WIFSIGNALED(how) || WTERMSIG(how) != SIGSYS) see("an i386 call ended with %x", how);
#else
  snprintf(seen, sizeof seen, "skip");
#endif
}

static void e25(void) {
  int fd = open("/tmp/flags", O_CREAT | O_RDWR, 0600), flags = FS_IMMUTABLE_FL;
  long result = ioctl(fd, FS_IOC_SETFLAGS, &flags);
  fails("the immutable flag", result);
  close(fd);
  unlink("/tmp/flags");
}

static void e26(void) {
  close(open("/tmp/x", O_CREAT | O_RDWR, 0600));
  fails("trusted.overlay.opaque", setxattr("/tmp/x", "trusted.overlay.opaque", "y", 1, 0));
  unlink("/tmp/x");
}

static void e27(void) {
  struct rlimit core;
  unwritable("/proc/sys/kernel/core_pattern");
  if (getrlimit(RLIMIT_CORE, &core) || core.rlim_cur || core.rlim_max) see("core dumps");
}

static void e28(void) {
  char text[64];
  struct timeval now = {0, 0};
  refused("sethostname", sethostname("x", 1), EPERM);
  refused("settimeofday", syscall(SYS_settimeofday, &now, 0), EPERM);
  refused("clock_settime", syscall(SYS_clock_settime, 0, &(struct timespec){0, 0}), EPERM);
  gethostname(text, sizeof text);
  if (strcmp(text, "jbuild")) see("host name %s", text);
  unwritable("/proc/sys/net/ipv4/ip_forward");
  if (content("/proc/sys/net/ipv4/ip_unprivileged_port_start", text, sizeof text) > 0 && atoi(text))
    see("ports from %s", text);
}

static void e29(void) {
  char text[256];
  unwritable("/proc/sys/fs/binfmt_misc/register");
  unwritable("/proc/sysrq-trigger");
  empty("/proc/kcore");
  if (content("/proc/kallsyms", text, sizeof text) > 0 && strtoull(text, 0, 16)) see("kernel addresses");
  fails("/proc/kmsg", open("/proc/kmsg", O_RDONLY | O_NONBLOCK));
}

// What a process starts with: not in the table of attacks, but what its rows stand on.
static void baseline(void) {
  char text[64];
  struct rlimit files;
  mode_t mask = umask(022);
  if (mask != 022) see("umask %o", mask);
  if (personality(0xffffffff) != 0) see("personality %x", personality(0xffffffff));
  getrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur > 1024 || files.rlim_max > 1048576) see("%lu files", (unsigned long)files.rlim_cur);
  if (status("Seccomp:\t") != 2) see("no seccomp filter");
  if (content("/proc/self/oom_score_adj", text, sizeof text) < 0 || atoi(text) < 200) see("oom_score_adj %s", text);
  sigset_t blocked;
  sigprocmask(SIG_SETMASK, 0, &blocked);
  for (int s = 1; s < 32; s++) {
    struct sigaction action;
    if (sigismember(&blocked, s)) see("signal %d is blocked", s);
    if (sigaction(s, 0, &action) == 0 && action.sa_handler == SIG_IGN) see("signal %d is ignored", s);
  }
}

static const struct {
  const char *name;
  void (*run)(void);
} rows[] = {{"E01", e01}, {"E02", e02}, {"E03", e03}, {"E06", e06}, {"E07", e07}, {"E08", e08}, {"E09", e09},
            {"E10", e10}, {"E11", e11}, {"E12", e12}, {"E13", e13}, {"E14", e14}, {"E17", e17}, {"E18", e18},
            {"E19", e19}, {"E20", e20}, {"E21", e21}, {"E22", e22}, {"E25", e25}, {"E26", e26}, {"E27", e27},
            {"E28", e28}, {"E29", e29}, {"baseline", baseline}};

static int wanted(const char *name, int argc, char **argv) {
  for (int i = 1; i < argc; i++)
    if (!strcmp(argv[i], "all") || !strcmp(argv[i], name)) return 1;
  return 0;
}

static int daemonize(void) {
  if (fork() == 0) {
    setsid();
    if (fork() == 0) {
      signal(SIGHUP, SIG_IGN);
      for (;;) pause();
    }
    _exit(0);
  }
  puts("the step is over");
  return 0;
}

static int litter(void) {
  close(open("/litter/.wh.victim", O_CREAT | O_WRONLY, 0600));
  int s = socket(AF_UNIX, SOCK_STREAM, 0);
  struct sockaddr_un name = {AF_UNIX, "/litter/socket"};
  bind(s, (struct sockaddr *)&name, sizeof name);
  mkdir("/litter/closed", 0);
  struct timespec odd[2] = {{-5, 0}, {253402300800, 999999999}};
  close(open("/litter/odd", O_CREAT | O_WRONLY, 0600));
  utimensat(AT_FDCWD, "/litter/odd", odd, 0);
  if (mkdir("/litter/deep", 0755) || chdir("/litter/deep")) return 1;
  for (int i = 0; i < 3000; i++)
    if (mkdir("d", 0700) || chdir("d")) return 1;
  return 0;
}

int main(int argc, char **argv) {
  if (argc == 2 && !strcmp(argv[1], "daemon")) return daemonize();
  if (argc == 2 && !strcmp(argv[1], "litter")) return litter();
  int failed = 0;
  for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
    if (!wanted(rows[i].name, argc, argv)) continue;
    seen[0] = 0;
    rows[i].run();
    int skipped = !strcmp(seen, "skip");
    printf("%s %s%s\n", rows[i].name, !seen[0] ? "pass" : skipped ? "" : "FAIL ", seen);
    failed |= seen[0] && !skipped;
  }
  return failed;
}

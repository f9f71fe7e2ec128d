// Tries what a sandbox must refuse; prints one line per attempt: name, result, errno.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

static void tell(const char *name, long result) {
  printf("%s %s\n", name, result >= 0 ? "ok" : strerrorname_np(errno));
}

int main(void) {
  struct clone_args args;
  memset(&args, 0, sizeof args);
  args.exit_signal = SIGCHLD;
  tell("mount", mount("none", "/tmp", "tmpfs", 0, ""));
  tell("umount", umount2("/proc/sys", MNT_DETACH));
  tell("unshare_user", unshare(CLONE_NEWUSER));
  tell("unshare_mount", unshare(CLONE_NEWNS));
  tell("clone_user", syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
  tell("clone3", syscall(SYS_clone3, &args, sizeof args));
  tell("setns", syscall(SYS_setns, 0, 0));
  tell("pivot_root", syscall(SYS_pivot_root, "/", "/"));
  tell("fsopen", syscall(SYS_fsopen, "tmpfs", 0));
  tell("open_tree", syscall(SYS_open_tree, -100, "/", 1));
  tell("mknod_block", mknod("/tmp/b", S_IFBLK | 0600, makedev(8, 0)));
  tell("mknod_mem", mknod("/tmp/c", S_IFCHR | 0600, makedev(1, 1)));
  tell("mknod_fifo", mknod("/tmp/f", S_IFIFO | 0600, 0));
  tell("keyctl", syscall(SYS_keyctl, 0, 0, 0));
  tell("add_key", syscall(SYS_add_key, "user", "a", "b", 1, -3));
  tell("io_uring", syscall(425, 1, 0));
  tell("bpf", syscall(SYS_bpf, 0, 0, 0));
  tell("userfaultfd", syscall(SYS_userfaultfd, 0));
  tell("perf_event_open", syscall(SYS_perf_event_open, 0, 0, 0, 0, 0));
  tell("open_by_handle_at", syscall(SYS_open_by_handle_at, -1, 0, 0));
  tell("kexec_load", syscall(SYS_kexec_load, 0, 0, 0, 0));
  tell("init_module", syscall(SYS_init_module, 0, 0, ""));
  tell("reboot", syscall(SYS_reboot, 0, 0, 0, 0));
  tell("sethostname", sethostname("x", 1));
  tell("settimeofday", syscall(SYS_settimeofday, 0, 0));
  tell("af_alg", socket(38, SOCK_SEQPACKET, 0));
  tell("af_vsock", socket(40, SOCK_STREAM, 0));
  tell("af_inet", socket(AF_INET, SOCK_STREAM, 0));
  tell("af_packet", socket(17, SOCK_RAW, 0));
  tell("personality_query", personality(0xffffffff));
  tell("personality_odd", personality(0x0040000));
  tell("newest", syscall(1000));
#ifdef __x86_64__
  tell("x32", syscall(0x40000000 + 39));
#endif
  tell("chroot", chroot("/"));
  tell("tty", open("/dev/tty", O_RDWR));
  tell("ptmx", open("/dev/ptmx", O_RDWR | O_NOCTTY));
  return 0;
}

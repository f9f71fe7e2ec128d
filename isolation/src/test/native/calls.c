// Tries every system call without executing one: a second filter hands what the first allows to a supervisor, which
// answers. Prints a line for each number: "64 0 allow", "32 21 EPERM"; 32 is i386's gate.
#define _GNU_SOURCE
#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define ALLOWED 3999
#define NUMBERS 1100
#define FIRST_FOREIGN 0xf0000

static struct { volatile int listener; int plain[NUMBERS], x32[NUMBERS], i386[NUMBERS], far[16]; } *all;
static int narrow;

static int plain(long number) {
  long r;
#ifdef __x86_64__
  if (number == 335 || number == 336) return 0;  // uretprobe, uprobe: pass every filter, and kill whoever is no probe
  register long r10 __asm__("r10") = 0, r8 __asm__("r8") = 0, r9 __asm__("r9") = 0;
  __asm__ volatile("syscall" : "=a"(r) : "a"(number), "D"(0L), "S"(0L), "d"(0L), "r"(r10), "r"(r8), "r"(r9)
                   : "rcx", "r11", "memory");
#else
  register long x8 __asm__("x8") = number, x0 __asm__("x0") = 0, x1 __asm__("x1") = 0, x2 __asm__("x2") = 0;
  __asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  r = x0;
#endif
  return (int)r;
}

#ifdef __x86_64__
static int gate(int number) {
  int r;
  __asm__ volatile("int $0x80" : "=a"(r) : "a"(number), "b"(0), "c"(0), "d"(0), "S"(0), "D"(0) : "memory");
  return r;
}
#endif

static int child(void *unused) {
  (void)unused;
  struct sock_filter notify[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF)};
  struct sock_fprog program = {1, notify};
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  int fd = (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
  all->listener = fd < 0 ? -errno : fd;
  for (int n = 0; n < NUMBERS; n++) all->plain[n] = plain(n);
  for (int n = 0; n < 16; n++) all->far[n] = plain(FIRST_FOREIGN + n);
#ifdef __x86_64__
  for (int n = 0; n < NUMBERS; n++) all->x32[n] = plain(0x40000000L + n);
  for (int n = 0; narrow && n < NUMBERS; n++) all->i386[n] = gate(n);
#endif
  all->listener = -1;
  for (;;) plain(SYS_getpid);
  return 0;
}

static void tell(const char *abi, int number, int result) {
  printf("%s %d %s\n", abi, number, result == -ALLOWED ? "allow" : result == 0 ? "untried" : strerrorname_np(-result));
}

int main(int argc, char **argv) {
  narrow = argc > 1 && !strcmp(argv[1], "narrow");
  all = mmap(0, sizeof *all, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  char *stack = malloc(65536);
  pid_t pid = clone(child, stack + 65536, CLONE_FILES | CLONE_VM | SIGCHLD, 0);
  while (all->listener == 0) sched_yield();
  if (all->listener < 0) return fprintf(stderr, "seccomp: %s\n", strerrorname_np(-all->listener)), 1;
  int fd = all->listener;
  while (all->listener >= 0) {
    struct seccomp_notif call = {0};
    if (ioctl(fd, SECCOMP_IOCTL_NOTIF_RECV, &call) < 0) {
      if (waitpid(pid, 0, WNOHANG) != 0) return fprintf(stderr, "the caller is dead\n"), 1;
      continue;
    }
    struct seccomp_notif_resp answer = {.id = call.id, .error = -ALLOWED};
    ioctl(fd, SECCOMP_IOCTL_NOTIF_SEND, &answer);
  }
  kill(pid, SIGKILL);
  waitpid(pid, 0, 0);
  for (int n = 0; n < NUMBERS; n++) tell("64", n, all->plain[n]);
  for (int n = 0; n < 16; n++) tell("64", FIRST_FOREIGN + n, all->far[n]);
#ifdef __x86_64__
  for (int n = 0; n < NUMBERS; n++) tell("x32", n, all->x32[n]);
  for (int n = 0; narrow && n < NUMBERS; n++) tell("32", n, all->i386[n]);
#endif
  return 0;
}

// Calls the spawn function with a small program and says what came of it; runs under an emulator
// where the machine is another. argv: the function's bytes, the number of clone, whether to fail.
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct step {
  uint64_t number, arguments[6], indirect, tolerated;
  int64_t result;
};

int main(int argc, char **argv) {
  static char page[4096];
  int fd = open(argv[1], O_RDONLY);
  read(fd, page, sizeof page);
  void *code = mmap(0, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  memcpy(code, page, sizeof page);
  mprotect(code, 4096, PROT_READ | PROT_EXEC);
  long (*spawn)(uint64_t *) = (long (*)(uint64_t *))code;

  static struct step program[8];
  static char cell[8] = "abcdefg";
  for (int i = 0; i < 8; i++) program[i].result = INT64_MIN;
  // a tolerated error, an argument from an earlier result, a check of memory, an end
  program[0] = (struct step){SYS_chdir, {(uint64_t) "/no/such"}, 0, 1ull << 2, INT64_MIN};
  program[1] = (struct step){SYS_dup, {1}, 0, 0, INT64_MIN};
  program[2] = (struct step){SYS_write, {(uint64_t)&program[1].result, (uint64_t) "child\n", 6}, 1, 0, INT64_MIN};
  program[3] = (struct step){(uint64_t)-1, {(uint64_t)cell, 0xff, argc > 3 ? 'x' : 'a', 116}, 1, 0, INT64_MIN};
  program[4] = (struct step){SYS_exit_group, {7}, 0, 0, INT64_MIN};

  static uint64_t control[9];
  control[1] = ~0ull;
  control[2] = strtoul(argv[2], 0, 10);
  control[3] = 0x100 | 0x4000 | 17;
  control[8] = (uint64_t)program;
  long pid = spawn(control);
  int status;
  waitpid(pid, &status, 0);
  printf("exit %d results %ld %d %ld %ld mask %d\n", WEXITSTATUS(status), (long)program[0].result,
         program[1].result > 2, (long)program[2].result, (long)program[3].result, control[0] == 0);
  return 0;
}

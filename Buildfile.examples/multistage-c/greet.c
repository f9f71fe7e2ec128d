#include <stdio.h>
#include <unistd.h>

int main(int argc, char **argv) {
  printf("Hello, %s, from PID %d.\n", argc > 1 ? argv[1] : "nobody", (int)getpid());
  return 0;
}

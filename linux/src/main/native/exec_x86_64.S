// A whole program of one page, laid out by hand: ELF header, program header, code.      x86_64
//
// The child becomes this program before it becomes the command, so that what /proc/self/exe leads to
// while the kernel looks for the command (which may be a link to it, or a script that names it) is
// neither the Java runtime nor any other file of the machine.
//
// arguments: its own name | paths to try in turn | "" | the command's arguments
// descriptor 3: where the errno is written when no path could be executed; the exec closes it

        .intel_syntax noprefix
        .text
        .set    base, 0x400000
file:
        .ascii  "\x7f" "ELF"
        .byte   2, 1, 1, 0              // 64 bits, little endian
        .quad   0
        .short  2, 62                   // executable, x86_64
        .long   1
        .quad   base + entry - file
        .quad   64, 0                   // program header follows; no sections
        .long   0
        .short  64, 56, 1, 0, 0, 0
        .long   1, 5                    // load, readable and executable
        .quad   0, base, base
        .quad   end - file, end - file
        .quad   0x1000

entry:
        mov     rax, [rsp]
        lea     r13, [rsp + 8 * rax + 16]       // environment
        lea     r14, [rsp + 16]                 // paths
        mov     eax, 72                         // fcntl(3, F_SETFD, FD_CLOEXEC)
        mov     edi, 3
        mov     esi, 2
        mov     edx, 1
        syscall
        mov     r15, r14
find:
        mov     rax, [r15]
        test    rax, rax
        jz      end_process
        add     r15, 8                          // at last: the command's arguments
        cmp     byte ptr [rax], 0
        jne     find
        xor     ebp, ebp
try:
        mov     rdi, [r14]
        cmp     byte ptr [rdi], 0
        je      tell
        mov     rsi, r15
        mov     rdx, r13
        mov     eax, 59                         // execve
        syscall
        neg     eax
        add     r14, 8
        cmp     eax, 13                         // EACCES says more than that others are missing
        je      remember
        cmp     eax, 2                          // ENOENT
        je      pass
        cmp     eax, 20                         // ENOTDIR
        je      pass
        mov     ebp, eax
        jmp     tell
pass:
        test    ebp, ebp
        jnz     try
remember:
        mov     ebp, eax
        jmp     try
tell:
        push    rbp
        mov     eax, 1                          // write(3, errno, 4)
        mov     edi, 3
        mov     rsi, rsp
        mov     edx, 4
        syscall
end_process:
        mov     eax, 231                        // exit_group(127)
        mov     edi, 127
        syscall
        ud2
end:

// A whole program of one page, laid out by hand: ELF header, program header, code.      x86_64
//
// The child becomes this program before it becomes the command, so that what /proc/self/exe leads to
// while the kernel looks for the command (which may be a link to it, or a script that names it) is
// neither the Java runtime nor any other file of the machine.
//
// arguments: its own name | label file or "-" | label | paths to try in turn | "" | the command's arguments
// descriptor 3: where the errno is written when there is no command (with bit 16: no label); the exec closes it
// descriptor 4: /proc, where there is a label to be taken; what is executed next gets it, so it has to be this

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
        lea     r14, [rsp + 32]                 // paths
        mov     eax, 72                         // fcntl(3, F_SETFD, FD_CLOEXEC)
        mov     edi, 3
        mov     esi, 2
        mov     edx, 1
        syscall
        mov     rsi, [rsp + 16]
        cmp     byte ptr [rsi], '-'
        je      labelled
        mov     eax, 257                        // openat(4, label file, O_WRONLY | O_CLOEXEC)
        mov     edi, 4
        mov     edx, 0x80001
        syscall
        test    eax, eax
        js      no_label
        mov     edi, eax
        mov     rsi, [rsp + 24]
        xor     edx, edx
length:
        inc     edx
        cmp     byte ptr [rsi + rdx], 0
        jne     length
        mov     eax, 1                          // write
        syscall
        test    eax, eax
        js      no_label
        mov     eax, 3                          // close(4)
        mov     edi, 4
        syscall
labelled:
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
no_label:
        neg     eax
        or      eax, 0x10000
        mov     ebp, eax
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

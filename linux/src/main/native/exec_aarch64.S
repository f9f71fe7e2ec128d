// A whole program of one page, laid out by hand: ELF header, program header, code.      aarch64
//
// The same program as in exec_x86_64.S, where its purpose and its arguments are described.

        .text
        .set    base, 0x400000
file:
        .ascii  "\177ELF"
        .byte   2, 1, 1, 0              // 64 bits, little endian
        .quad   0
        .short  2, 183                  // executable, aarch64
        .long   1
        .quad   base + entry - file
        .quad   64, 0                   // program header follows; no sections
        .long   0
        .short  64, 56, 1, 0, 0, 0
        .long   1, 5                    // load, readable and executable
        .quad   0, base, base
        .quad   end - file, end - file
        .quad   0x10000

entry:
        ldr     x9, [sp]
        add     x20, sp, #32            // paths
        add     x21, sp, x9, lsl #3     // environment
        add     x21, x21, #16
        mov     x8, #25                 // fcntl(3, F_SETFD, FD_CLOEXEC)
        mov     x0, #3
        mov     x1, #2
        mov     x2, #1
        svc     #0
        ldr     x1, [sp, #16]
        ldrb    w10, [x1]
        cmp     w10, #'-'
        b.eq    labelled
        mov     x8, #56                 // openat(4, label file, O_WRONLY | O_CLOEXEC)
        mov     x0, #4
        mov     x2, #1
        movk    x2, #8, lsl #16
        svc     #0
        tbnz    x0, #63, no_label
        ldr     x1, [sp, #24]
        mov     x2, #0
length:
        add     x2, x2, #1
        ldrb    w10, [x1, x2]
        cbnz    w10, length
        mov     x8, #64                 // write
        svc     #0
        tbnz    x0, #63, no_label
        mov     x8, #57                 // close(4)
        mov     x0, #4
        svc     #0
labelled:
        mov     x22, x20
find:
        ldr     x9, [x22], #8           // at last: the command's arguments
        cbz     x9, end_process
        ldrb    w10, [x9]
        cbnz    w10, find
        mov     x23, #0
try:
        ldr     x0, [x20], #8
        ldrb    w10, [x0]
        cbz     w10, tell
        mov     x1, x22
        mov     x2, x21
        mov     x8, #221                // execve
        svc     #0
        neg     x0, x0
        cmp     x0, #13                 // EACCES says more than that others are missing
        b.eq    remember
        cmp     x0, #2                  // ENOENT
        ccmp    x0, #20, #4, ne         // ENOTDIR
        b.eq    pass
        mov     x23, x0
        b       tell
pass:
        cbnz    x23, try
remember:
        mov     x23, x0
        b       try
no_label:
        neg     x0, x0
        orr     x23, x0, #0x10000
tell:
        str     x23, [sp, #-16]!
        mov     x8, #64                 // write(3, errno, 4)
        mov     x0, #3
        mov     x1, sp
        mov     x2, #4
        svc     #0
end_process:
        mov     x8, #94                 // exit_group(127)
        mov     x0, #127
        svc     #0
        brk     #0
end:

// long spawn(struct control *)            aarch64, position independent, no stack, no data
//
// The same function as in spawn_x86_64.S, where control block and steps are described.

        .text
        .globl spawn
spawn:
        hint    #34                     // bti c
        mov     x9, x0                  // the kernel preserves every register but x0
        mov     x8, #135                // rt_sigprocmask(SIG_SETMASK, all, saved, 8)
        mov     x0, #2
        add     x1, x9, #8
        mov     x2, x9
        mov     x3, #8
        svc     #0
        ldr     x8, [x9, #16]           // clone3 or clone
        ldp     x0, x1, [x9, #24]
        ldp     x2, x3, [x9, #40]
        ldr     x4, [x9, #56]
        svc     #0
        cbz     x0, child
        mov     x10, x0
        mov     x8, #135                // rt_sigprocmask(SIG_SETMASK, saved, NULL, 8)
        mov     x0, #2
        mov     x1, x9
        mov     x2, #0
        mov     x3, #8
        svc     #0
        mov     x0, x10
        ret

child:
        ldr     x19, [x9, #64]
step:
        ldp     x0, x1, [x19, #8]
        ldp     x2, x3, [x19, #24]
        ldp     x4, x5, [x19, #40]
        ldr     x20, [x19, #56]
        .macro  argument reg, index
        tbz     x20, #\index, 1f
        ldr     \reg, [\reg]
1:
        .endm
        argument x0, 0
        argument x1, 1
        argument x2, 2
        argument x3, 3
        argument x4, 4
        argument x5, 5
        ldr     x8, [x19]
        cmn     x8, #1
        b.eq    check
        svc     #0
store:
        str     x0, [x19, #72]
        cmn     x0, #4095               // errors are -4095 .. -1
        b.lo    next
        ldr     x11, [x19, #64]
        cmn     x11, #1
        b.eq    next
        neg     x0, x0
        cmp     x0, #64
        b.hs    fail
        lsr     x11, x11, x0
        tbz     x11, #0, fail
next:
        add     x19, x19, #80
        b       step
check:
        and     x0, x0, x1
        cmp     x0, x2
        csel    x0, xzr, x3, eq
        neg     x0, x0
        b       store
fail:
        mov     x8, #94                 // exit_group(127)
        mov     x0, #127
        svc     #0
        brk     #0

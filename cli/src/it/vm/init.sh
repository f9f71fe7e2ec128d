#!/bin/busybox sh
# The first process of the virtual machine: this machine's files below, memory above, version 2 alone.
busybox=/bin/busybox
$busybox mount -t proc proc /proc
$busybox mount -t sysfs sysfs /sys
$busybox mount -t devtmpfs dev /dev
for module in $($busybox cat /modules/order); do
  $busybox insmod "/modules/$module" || echo "vm: $module is not loaded"
done
# the kernel looks at its disks beside us
until [ -b /dev/vda ]; do $busybox sleep 0.1; done
word() { $busybox sed -n "s/.*jbuild\.$1=\([^ ]*\).*/\1/p" /proc/cmdline; }
scratch=$(word scratch)
modules=$(word modules)
$busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=512000,cache=loose host /lower
$busybox mount -t tmpfs -o size=75% upper /upper
$busybox mkdir /upper/fs /upper/work
$busybox mount -t overlay -o lowerdir=/lower,upperdir=/upper/fs,workdir=/upper/work root /new
for directory in proc sys dev; do
  $busybox mount -o move "/$directory" "/new/$directory"
done
$busybox mkdir -p "/new/lib/modules/$($busybox uname -r)"
$busybox mount -o bind "/new$modules" "/new/lib/modules/$($busybox uname -r)"
$busybox mount -t tmpfs run /new/run
$busybox mkdir -p /new/dev/pts /new/dev/shm
$busybox mount -t devpts -o gid=5,mode=620 pts /new/dev/pts
$busybox mount -t tmpfs shm /new/dev/shm
$busybox mount -t cgroup2 cgroup /new/sys/fs/cgroup
$busybox mount -t ext4 /new/dev/vda /new/mnt
$busybox mkdir -p /new/mnt/store /new/mnt/tmp /new/var/lib/jbuild
$busybox chmod 1777 /new/mnt/tmp
$busybox mount -o bind /new/mnt/store /new/var/lib/jbuild
$busybox cat >/new/run/vm-start <<END
ip link set lo up
modprobe -a virtio_net virtio_console veth nf_tables nft_chain_nat nft_masq tun fuse loop bfq 2>/dev/null
ip link set eth0 up 2>/dev/null && ip addr add 10.0.2.15/24 dev eth0 && ip route add default via 10.0.2.2
sysctl -q -w kernel.panic=-1
bash $scratch/command </dev/null
echo \$? >/run/vm-code
for port in /sys/class/virtio-ports/*; do
  [ "\$(cat \$port/name)" = code ] && cat /run/vm-code >"/dev/\${port##*/}"
done
sync
echo o >/proc/sysrq-trigger
while :; do :; done # no program can be read any more
END
exec $busybox switch_root /new /bin/bash /run/vm-start
